"use strict";
// Filter, jump, and the codes of a sentence. Texts are only ever set as textContent.
(() => {
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId("codes").textContent);
  const root = byId("texts");
  const sentences = Array.from(root.querySelectorAll(".coded [id]"));
  const detail = byId("detail");
  const code = byId("code"), status = byId("status"), query = byId("query"), only = byId("only");
  let shown = sentences.filter((one) => one.tagName === "MARK");
  let now = -1;
  let pinned = null;

  const scoresOf = (text) => (text || "").split(" ").filter(Boolean).map((pair) => {
    const [place, hundredths] = pair.split(":");
    return { code: data.codes[Number(place)], score: hundredths === "" ? null : Number(hundredths) / 100 };
  });
  const statusOf = (one) => {
    if (one.tagName === "MARK") return "coded";
    if (one.classList.contains("abstained")) return "abstained";
    return one.classList.contains("empty") ? "empty" : "uncoded";
  };

  function element(name, className, text) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }
  function scoreLine(found, className) {
    const line = element("div", "score " + className);
    const main = found.code.main >= 0 ? data.mains[found.code.main] + " › " : "";
    const name = element("b", "", main + found.code.name);
    name.title = found.code.english;
    const rail = element("span", "rail");
    const bar = element("i", "bar");
    bar.style.width = (found.score || 0) * 100 + "%";
    rail.append(bar);
    line.append(name, rail, element("span", "number", found.score === null ? "n/a" : found.score.toFixed(2)));
    return line;
  }
  function describe(one) {
    const close = element("button", "", "×");
    close.type = "button";
    close.setAttribute("aria-label", "关闭");
    close.addEventListener("click", hide);
    const where = element("p", "note");
    const link = element("a", "", one.id);
    link.href = "#" + one.id;
    where.append(link, " · " + data.statuses[statusOf(one)]);
    detail.replaceChildren(close, where);
    const applied = scoresOf(one.dataset.c);
    for (const level of ["initial", "dimensions", "paths"]) {
      const own = applied.filter((found) => found.code.level === level);
      if (!own.length) continue;
      detail.append(element("h4", "", data.levels[level]), ...own.map((found) => scoreLine(found, "")));
    }
    const near = scoresOf(one.dataset.n);
    if (near.length) {
      detail.append(element("h4", "", "未达阈值（得分 ≥ " + data.near + "）"), ...near.map((found) => scoreLine(found, "near")));
    }
    detail.hidden = false;
  }
  function hide() {
    pinned = null;
    detail.hidden = true;
  }

  function matches(one, wanted) {
    if (wanted.status && statusOf(one) !== wanted.status) return false;
    if (wanted.text && !one.textContent.toLowerCase().includes(wanted.text)) return false;
    if (!wanted.level) return true;
    return scoresOf(one.dataset.c).some(({ code: own }) =>
      wanted.level === "main" ? own.main === wanted.place : own.level === wanted.level && own.place === wanted.place);
  }
  function filter() {
    const [level, place] = code.value.split(":");
    const wanted = { level, place: Number(place), status: status.value, text: query.value.trim().toLowerCase() };
    const isFiltered = Boolean(level || wanted.status || wanted.text);
    root.querySelectorAll("article.on, .coded .on").forEach((one) => one.classList.remove("on"));
    shown = sentences.filter((one) => (isFiltered ? matches(one, wanted) : one.tagName === "MARK"));
    const articles = new Set();
    if (isFiltered) {
      for (const one of shown) {
        one.classList.add("on");
        one.parentElement.classList.add("on");
      }
    }
    for (const one of shown) articles.add(one.closest("article"));
    if (isFiltered) articles.forEach((one) => one.classList.add("on"));
    root.classList.toggle("filtered", isFiltered);
    root.classList.toggle("only", isFiltered && only.checked);
    now = -1;
    mark(null);
    tell(isFiltered ? "匹配 " : "有编码 ", articles.size);
  }
  function tell(word, nDocuments) {
    byId("found").textContent = word + shown.length.toLocaleString("en") + " 句，" + nDocuments.toLocaleString("en") + " 个文件";
  }
  function mark(one) {
    root.querySelectorAll(".now").forEach((old) => {
      old.classList.remove("now");
      old.removeAttribute("tabindex");
    });
    if (one) {
      one.classList.add("now");
      one.tabIndex = 0;
    } else if (shown.length) {
      root.querySelectorAll(".coded [tabindex]").forEach((old) => old.removeAttribute("tabindex"));
      shown[0].tabIndex = 0;
    }
  }
  function goTo(one) {
    pinned = one;
    mark(one);
    one.focus({ preventScroll: true });
    one.scrollIntoView({ block: "center" });
    requestAnimationFrame(() => one.scrollIntoView({ block: "center" }));
    describe(one);
  }
  function jump(step) {
    if (!shown.length) return;
    now = now < 0 && step < 0 ? shown.length - 1 : (now + step + shown.length) % shown.length;
    goTo(shown[now]);
    byId("found").textContent = "第 " + (now + 1).toLocaleString("en") + " / " + shown.length.toLocaleString("en") + " 句";
  }

  const sentenceAt = (event) => event.target.closest && event.target.closest("mark, .coded span[data-n], .coded .abstained, .coded [id].on");
  root.addEventListener("mouseover", (event) => {
    const one = sentenceAt(event);
    if (one && !pinned) describe(one);
  });
  root.addEventListener("mouseout", (event) => {
    if (!pinned && sentenceAt(event)) detail.hidden = true;
  });
  root.addEventListener("click", (event) => {
    const one = sentenceAt(event);
    if (!one || !window.getSelection().isCollapsed) return;
    pinned = one;
    mark(one);
    const place = shown.indexOf(one);
    if (place >= 0) now = place;
    describe(one);
  });
  root.addEventListener("focusin", (event) => {
    const one = sentenceAt(event);
    if (one) describe(one);
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") hide();
    if (event.target.matches("select, input:not([type=checkbox])")) return;
    if (event.key === "n" || event.key === "N") jump(1);
    if (event.key === "p" || event.key === "P") jump(-1);
  });
  byId("next").addEventListener("click", () => jump(1));
  byId("previous").addEventListener("click", () => jump(-1));
  byId("clear").addEventListener("click", () => {
    byId("tools").reset();
    hide();
    filter();
  });
  byId("tools").addEventListener("submit", (event) => {
    event.preventDefault();
    jump(1);
  });
  for (const one of [code, status, only]) one.addEventListener("change", filter);
  let waiting = 0;
  query.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 150);
  });
  byId("tools").hidden = false;
  filter();
})();
