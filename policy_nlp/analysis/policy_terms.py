"""Terms of policy texts that every dictionary has: no corpus shows them, as their parts are words of grammar.

Written for this program. Words of the codebook and of the user come on top.
"""

from __future__ import annotations

_TERMS = """
一带一路 新时代 新质生产力 专精特新 放管服 最多跑一次 以人民为中心 碳达峰 碳中和 双碳 双创 双循环
共同富裕 自贸试验区 自由贸易试验区 和美乡村 多边主义 揭榜挂帅 创新联合体 产学研 产学研用 独角兽 瞪羚
小巨人 首台套 互联网+ 人工智能+ 以旧换新 一网通办 新基建 新型举国体制 三农 两山 一国两制 四个面向 中试
卡脖子 从0到1 数字中国 平安中国 健康中国 科技型中小企业 高新技术企业 新型研发机构 国家实验室
全国重点实验室 可持续发展 共同体 中国特色社会主义 创新共同体
"""

# jieba has these as names of people or places, or as adjectives and adverbs: here they are terms.
_NOT_NAMES = """
智慧 惠民 养老金 智能化 福祉 公正 青少年 友谊 党风廉政 卫星 蓝天 幼儿园 绿水青山 安全感 幸福感 高新区
公共安全 北斗 康复 慈善 小康 高端化 市场秩序 法律援助 小城镇 科学城 农村居民 城镇 海洋 法治化 湖泊 高原
新区 河湖 城中村 上市 都市 普通高中 立法 更新 健康 和谐 贫困 清洁 平等 团结 湿地 科普 冬奥 海岸 草原 山区
养老 文明 从严治党 全面从严治党 纪检监察 康养 双创 深度 高端 依法治国 城市 长三角 珠三角 粤港澳 大湾区
成渝
"""

POLICY_TERMS: tuple[str, ...] = tuple(_TERMS.split())
NOT_NAMES: frozenset[str] = frozenset(_NOT_NAMES.split())
