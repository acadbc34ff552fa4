"""Names in an issuer or a title -> the province-level region, in its short form."""

from __future__ import annotations

import re

NATION = "全国"

# Province-level short name -> its cities, prefectures and leagues without their last word (市, 州, 盟, 地区).
_CITIES = {
    "北京": "",
    "天津": "",
    "上海": "",
    "重庆": "",
    "河北": "石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水 雄安",
    "山西": "太原 大同 阳泉 长治 晋城 朔州 晋中 运城 忻州 临汾 吕梁",
    "内蒙古": "呼和浩特 包头 乌海 赤峰 通辽 鄂尔多斯 呼伦贝尔 巴彦淖尔 乌兰察布 兴安 锡林郭勒 阿拉善",
    "辽宁": "沈阳 大连 鞍山 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 朝阳 葫芦岛",
    "吉林": "长春 四平 辽源 通化 白山 松原 白城 延边",
    "黑龙江": "哈尔滨 齐齐哈尔 鸡西 鹤岗 双鸭山 大庆 伊春 佳木斯 七台河 牡丹江 黑河 绥化 大兴安岭",
    "江苏": "南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁",
    "浙江": "杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水",
    "安徽": "合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳 宿州 六安 亳州 池州 宣城",
    "福建": "福州 厦门 莆田 三明 泉州 漳州 南平 龙岩 宁德",
    "江西": "南昌 景德镇 萍乡 九江 新余 鹰潭 赣州 吉安 宜春 抚州 上饶",
    "山东": "济南 青岛 淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海 日照 临沂 德州 聊城 滨州 菏泽",
    "河南": "郑州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡 南阳 商丘 信阳 周口 驻马店 济源",
    "湖北": "武汉 黄石 十堰 宜昌 襄阳 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州 恩施 仙桃 潜江 天门 神农架",
    "湖南": "长沙 株洲 湘潭 衡阳 邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底 湘西",
    "广东": "广州 韶关 深圳 珠海 汕头 佛山 江门 湛江 茂名 肇庆 惠州 "
    "梅州 汕尾 河源 阳江 清远 东莞 中山 潮州 揭阳 云浮",
    "广西": "南宁 柳州 桂林 梧州 北海 防城港 钦州 贵港 玉林 百色 贺州 河池 来宾 崇左",
    "海南": "海口 三亚 三沙 儋州",
    "四川": "成都 自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁 内江 乐山 "
    "南充 眉山 宜宾 广安 达州 雅安 巴中 资阳 阿坝 甘孜 凉山",
    "贵州": "贵阳 六盘水 遵义 安顺 毕节 铜仁 黔西南 黔东南 黔南",
    "云南": "昆明 曲靖 玉溪 保山 昭通 丽江 普洱 临沧 楚雄 红河 文山 西双版纳 大理 德宏 怒江 迪庆",
    "西藏": "拉萨 日喀则 昌都 林芝 山南 那曲 阿里",
    "陕西": "西安 铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 安康 商洛",
    "甘肃": "兰州 嘉峪关 金昌 白银 天水 武威 张掖 平凉 酒泉 庆阳 定西 陇南 临夏 甘南",
    "青海": "海南 西宁 海东 海北 黄南 果洛 玉树 海西",
    "宁夏": "银川 石嘴山 吴忠 固原 中卫",
    "新疆": "乌鲁木齐 克拉玛依 吐鲁番 哈密 昌吉 博尔塔拉 "
    "巴音郭楞 阿克苏 克孜勒苏 喀什 和田 伊犁 塔城 阿勒泰 石河子",
    "香港": "",
    "澳门": "",
    "台湾": "",
}
REGIONS = (NATION, *_CITIES)  # every name that `find_region` gives
PROVINCES = tuple(_CITIES)
"""Short names of all province-level regions, Hong Kong, Macao and Taiwan last."""

_OVERSEAS = (
    "香港",
    "澳门",
    "台湾",
)  # named in many titles of others (港澳台), so only their own full form counts
_PROVINCE = re.compile(
    "|".join(
        (
            "香港(?=特别行政区)|澳门(?=特别行政区)|台湾(?=省)",
            *(f"{name}(?!合作组织|证券交易所|藏族)" for name in _CITIES if name not in _OVERSEAS),
        )
    )
)
_CITY = re.compile(
    "({})(?:市|州|盟|地区|新区|林区|[一-龥]{{1,10}}?自治州)".format(
        "|".join(city for cities in _CITIES.values() for city in cities.split())
    )
)
CENTRAL_ISSUER = re.compile(
    "中共中央|中央(?!大街)|国务院|国家|全国人民代表大会|全国人大|全国政协|最高人民|中华人民共和国|中华全国|"
    "中国(?:人民银行|科学院|工程院|社会科学院|证监会|证券监督|银保监会|银行保险|气象局|民用航空|民航局|科协|科学技术协会)|"
    "(?:科技|科学技术|教育|财政|商务|工业和信息化|工信|自然资源|生态环境|住房和?城乡建设|交通运输|水利|农业农村|农业|"
    "文化和旅游|人力资源(?:和)?社会保障|民政|司法|公安|外交|应急管理|退役军人事务|中央组织|中央宣传)部|"
    "审计署|海关总署|税务总局|市场监管总局"
)

_LEADING_YEAR = re.compile(r"^(?:19|20)\d\d年(?:度)?\s*")  # 2018年国务院政府工作报告


def find_region(issuer: str | None, title: str) -> str | None:
    """Short name of the one province that issuer or title names; 全国 for a central issuer; else None.

    The issuer speaks before the title. A city gives its province only where no province is named. Two
    provinces in one name (a joint programme) give None.

    >>> find_region("杭州市人民政府", "")
    '浙江'
    >>> find_region(None, "2025年浙江省政府工作报告")
    '浙江'
    """
    for name in (issuer or "", title):
        region = _named_region(name)
        if region is not None:
            return region
        if CENTRAL_ISSUER.match(_LEADING_YEAR.sub("", name)):
            return NATION
    return None


def _named_region(name: str) -> str | None:
    provinces = set(_PROVINCE.findall(name))
    if not provinces:
        cities = set(_CITY.findall(name))
        provinces = {province for province, known in _CITIES.items() if cities & set(known.split())}
    return provinces.pop() if len(provinces) == 1 else None
