// Keys, timer and drafts of the review page. Without it the forms still work; nothing is loaded from elsewhere.
"use strict";

const $ = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
const words = document.body.dataset;
const state = { group: "", defining: false, busy: false, elapsed: 0, since: null, held: false };

// --- what is chosen ---------------------------------------------------------------------------------------
const form = () => $("#decide");
const boxes = () => all(".code input[type=checkbox]");

function tellChosen() {
  if (!form()) return;
  const names = boxes().filter((box) => box.checked).map((box) => $(".name", box.closest(".code")).textContent);
  $("#chosen").textContent = names.join(" · ");
  const isSettling = $("#work").dataset.kind === "adjudicate";
  const [some, none] = isSettling ? [words.settle, words.settleNone] : [words.save, words.saveNone];
  $("#save span").textContent = names.length ? some.replace("{n}", names.length) : none;
}

function toggle(row) {
  const box = $("input", row);
  box.checked = !box.checked;
  row.classList.add("touched");
  setTimeout(() => row.classList.remove("touched"), 400);
  changed(row);
}

function changed(row) {
  tellChosen();
  keepDraft();
  if (row) define(row);
}

// --- definitions ------------------------------------------------------------------------------------------
function define(row, isAsked = false) {
  const panel = $("#panel");
  if (!panel) return;
  const isWide = window.matchMedia("(min-width: 1100px)").matches;
  if (!isAsked && !isWide) return;
  show([row.dataset.code]);
}

function show(codes) {
  const articles = codes.map((code) => $(`#definitions article[data-code="${CSS.escape(code)}"]`));
  $("#panel-text").replaceChildren(...articles.filter(Boolean).map((one) => one.cloneNode(true)));
  $("#panel").hidden = false;
  $("#panel").classList.add("asked");
  $("#panel").scrollTop = 0;
}

// --- groups: first key, second key ------------------------------------------------------------------------
function setGroup(key) {
  state.group = key;
  for (const group of all(".group")) {
    group.classList.toggle("open", key !== "" && group.dataset.key === key);
    group.classList.toggle("shut", key !== "" && group.dataset.key !== key);
  }
  if (key && window.matchMedia("(min-width: 1100px)").matches) {
    show(all(`.group[data-key="${CSS.escape(key)}"] .code`).map((row) => row.dataset.code));
  }
}

function setDefining(isOn) {
  state.defining = isOn;
  document.body.classList.toggle("defining", isOn);
}

function pressCodeKey(key) {
  if (!state.group) {
    const isKnown = all(".group").some((group) => group.dataset.key === key);
    if (isKnown) setGroup(key);
    return isKnown;
  }
  const row = $(`.code[data-key="${CSS.escape(state.group + key)}"]`);
  if (!row) return false;
  if (state.defining) define(row, true);
  else toggle(row);
  setGroup("");
  setDefining(false);
  return true;
}

// --- search -----------------------------------------------------------------------------------------------
function filter() {
  const wanted = $("#search").value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  let first = null;
  for (const row of all(".code")) {
    const isFound = wanted.every((word) => row.dataset.words.includes(word));
    row.hidden = !isFound;
    row.classList.remove("first");
    if (isFound && wanted.length && !first) first = row;
  }
  for (const group of all(".group")) group.hidden = !all(".code", group).some((row) => !row.hidden);
  if (first) {
    first.classList.add("first");
    define(first);
  }
  $(".groups").dataset.empty = all(".code").some((row) => !row.hidden) ? "" : words.noMatch;
}

function leaveSearch() {
  $("#search").value = "";
  filter();
  $("#search").blur();
}

function moveFirst(step) {
  const found = all(".code").filter((row) => !row.hidden);
  const place = found.findIndex((row) => row.classList.contains("first"));
  if (place < 0 || !found[place + step]) return;
  found[place].classList.remove("first");
  found[place + step].classList.add("first");
  define(found[place + step]);
}

// --- timer: runs while the page is seen -------------------------------------------------------------------
function elapsedMs() {
  return state.elapsed + (state.since === null ? 0 : performance.now() - state.since);
}

function runTimer() {
  const isRunning = !document.hidden && !state.held;
  if (isRunning && state.since === null) state.since = performance.now();
  if (!isRunning && state.since !== null) {
    state.elapsed = elapsedMs();
    state.since = null;
  }
  tick();
}

function tick() {
  const timer = $("#timer");
  if (!timer) return;
  const seconds = Math.floor(elapsedMs() / 1000);
  const shown = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  timer.textContent = state.held ? `${shown} ${words.paused}` : shown;
  timer.classList.toggle("held", state.held);
}

// --- drafts: what is on the screen survives a reload and a server that is gone -----------------------------
const draftKey = () => `policy-nlp-draft|${form().dataset.draft}`;

function keepDraft() {
  if (!form() || !form().dataset.draft) return;
  const chosen = boxes().filter((box) => box.checked).map((box) => box.value);
  try {
    localStorage.setItem(draftKey(), JSON.stringify({ chosen, note: $("#note").value }));
  } catch (error) {
    /* storage is full or forbidden: only the draft is lost */
  }
}

function dropDraft(key) {
  try {
    localStorage.removeItem(key);
  } catch (error) {
    /* as above */
  }
}

function restoreDraft() {
  if (!form() || !form().dataset.draft) return;
  let draft = null;
  try {
    draft = JSON.parse(localStorage.getItem(draftKey()));
  } catch (error) {
    return;
  }
  if (!draft) return;
  for (const box of boxes()) box.checked = draft.chosen.includes(box.value);
  $("#note").value = draft.note;
  tell(words.restored, "mild");
}

// --- sending ----------------------------------------------------------------------------------------------
function tell(text, kind = "") {
  const alert = $("#alert");
  alert.textContent = text;
  alert.className = kind;
  alert.hidden = !text;
}

async function send(sent, button) {
  if (state.busy) return;
  state.busy = true;
  document.body.classList.add("busy");
  const draft = sent.id === "decide" && sent.dataset.draft ? draftKey() : null;
  if ($("#seconds")) $("#seconds").value = (elapsedMs() / 1000).toFixed(1);
  try {
    const body = new URLSearchParams(new FormData(sent, button));
    const answer = await fetch(sent.action, {
      method: "POST", body, headers: { "X-Part": "work" }, signal: AbortSignal.timeout(20000),
    });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const work = page.getElementById("work");
    if (!answer.ok || !work) {
      const message = page.getElementById("message");
      tell(`${words.failed} ${message ? message.textContent.trim() : answer.status}`);
      return;
    }
    if (draft) dropDraft(draft);
    $("#work").replaceWith(document.adoptNode(work));
    history.replaceState(null, "", answer.url);
    tell("");
    begin();
  } catch (error) {
    tell(words.offline);
  } finally {
    state.busy = false;
    document.body.classList.remove("busy");
  }
}

// --- keys -------------------------------------------------------------------------------------------------
const COMMANDS = {
  u: () => $("#undo").requestSubmit(),
  s: () => $("#skip") && $("#skip").click(),
  n: () => $("#note").focus(),
  d: () => setDefining(!state.defining),
  p: () => { state.held = !state.held; runTimer(); },
  a: () => take("A"),
  b: () => take("B"),
  0: () => { for (const box of boxes()) box.checked = false; changed(null); },
  "/": () => $("#search").focus(),
  "?": () => $("#help").showModal(),
};

function take(letter) {
  const button = $(`[data-take="${letter}"]`);
  if (button) button.click();
}

function onKey(event) {
  if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!$("#work") || !document.body.classList.contains("coding") || $("#help").open) return;
  if (event.target.id === "search") return onSearchKey(event);
  if (event.target.id === "note") return onNoteKey(event);
  if (event.key === "Escape") {
    setGroup("");
    setDefining(false);
    $("#panel").classList.remove("asked");
    return;
  }
  const isControl = event.target.closest("a, button, summary, select");
  if (event.key === "Enter" && !isControl && form()) {
    event.preventDefault();
    if (!event.repeat) $("#save").click();
  } else if (event.key.length === 1 && pressed(event)) {
    event.preventDefault();
  }
}

function pressed(event) {
  const key = event.key.toLowerCase();
  if (form() && pressCodeKey(key)) return true;
  const command = COMMANDS[key];
  if (!command || (!form() && key !== "u" && key !== "?") || event.repeat) return false;
  command();
  return true;
}

function onSearchKey(event) {
  if (event.key === "Escape") leaveSearch();
  else if (event.key === "ArrowDown") moveFirst(1);
  else if (event.key === "ArrowUp") moveFirst(-1);
  else if (event.key === "Enter") {
    const row = $(".code.first");
    if (row) toggle(row);
    leaveSearch();
  } else return;
  event.preventDefault();
}

function onNoteKey(event) {
  if (event.key === "Escape" || (event.key === "Enter" && !event.shiftKey)) {
    event.preventDefault();
    event.target.blur();
  }
}

// --- each unit ----------------------------------------------------------------------------------------------
function begin() {
  Object.assign(state, { group: "", elapsed: 0, since: null, held: false });
  setDefining(false);
  runTimer();
  restoreDraft();
  tellChosen();
  if (document.activeElement && document.activeElement !== document.body) document.activeElement.blur();
  window.scrollTo(0, 0);
}

document.addEventListener("keydown", onKey);
document.addEventListener("visibilitychange", runTimer);
document.addEventListener("submit", (event) => {
  if (!["decide", "undo"].includes(event.target.id)) return;
  event.preventDefault();
  send(event.target, event.submitter);
});
document.addEventListener("change", (event) => {
  const row = event.target.closest(".code");
  if (row) changed(row);
});
document.addEventListener("input", (event) => {
  if (event.target.id === "search") filter();
  if (event.target.id === "note") keepDraft();
});
document.addEventListener("mouseover", (event) => {
  const row = event.target.closest(".code");
  if (row && !state.group) define(row);
});
document.addEventListener("focusin", (event) => {
  const row = event.target.closest(".code");
  if (row) define(row);
});
document.addEventListener("click", (event) => {
  const about = event.target.closest(".code .about");
  if (about) define(about.closest(".code"), true);
  if (event.target.closest("#close-panel")) $("#panel").classList.remove("asked");
  if (event.target.closest("#open-help")) $("#help").showModal();
  if (event.target.closest("#timer")) { state.held = !state.held; runTimer(); }
  const taken = event.target.closest("[data-take]");
  if (taken) {
    const wanted = taken.dataset.codes.split(" ");
    for (const box of boxes()) box.checked = wanted.includes(box.value);
    changed(null);
  }
});
setInterval(tick, 1000);
if ($("#work") && document.body.classList.contains("coding")) begin();
