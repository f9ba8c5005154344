// What arrives while somebody looks. Everything can be read and done without it.
"use strict";

const state = document.getElementById("live");
const THROTTLE_MS = 700;
let waiting = 0;

function say(isLive) {
  state.classList.toggle("on", isLive);
  state.textContent = isLive ? state.dataset.live : state.dataset.lost;
}

function moved() {
  if (waiting) return;
  waiting = setTimeout(() => {
    waiting = 0;
    htmx.trigger(document.body, "moved");
  }, THROTTLE_MS);
}

const stream = new EventSource("/operator/live");
let before = false;
stream.addEventListener("open", () => {
  say(true);
  // what moved while the line was down
  if (before) moved();
  before = true;
});
stream.addEventListener("error", () => say(false));
stream.addEventListener("moved", moved);
addEventListener("pagehide", () => stream.close());

// Somebody who types must not lose it: what is drawn anew leaves a form alone in which the focus is.
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const answer = event.detail.xhr;
  if (answer.responseURL.includes("/operator/sign-in")) {
    event.detail.shouldSwap = false;
    location.reload();
  }
  const typing = document.activeElement;
  if (typing && typing.matches("input:not([type=search]), textarea") && event.detail.target.contains(typing)) {
    event.detail.shouldSwap = false;
  }
});

function local(root) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    if (!Number.isNaN(at.getTime())) time.title = at.toLocaleString(document.documentElement.lang, { timeZoneName: "short" });
  }
}
local(document);
document.body.addEventListener("htmx:afterSwap", () => local(document));

// where sections scroll sideways, the one that is open is in sight
document.querySelector(".sections [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });

// -- the log ----------------------------------------------------------------------------------------------------------
const log = document.getElementById("log");
const MOST_LINES = 500;
const GRAVE = new Set(["warning", "error", "critical"]);

function lineOf(event) {
  const item = document.createElement("li");
  item.className = `line l-${["debug", "info", "warning", "error", "critical"].includes(event.level) ? event.level : "info"} arrived`;
  const time = document.createElement("time");
  time.dateTime = event.timestamp || "";
  time.textContent = String(event.timestamp || "").slice(11, 19);
  const name = document.createElement("b");
  name.textContent = event.event || "";
  item.append(time, " ", name, " ");
  for (const [key, value] of Object.entries(event)) {
    if (["timestamp", "level", "event"].includes(key)) continue;
    const field = document.createElement("span");
    field.className = "field";
    const label = document.createElement("span");
    label.className = "soft";
    label.textContent = `${key}=`;
    field.append(label, typeof value === "string" ? value : JSON.stringify(value));
    item.append(field, " ");
  }
  return item;
}

if (log) {
  const pill = document.getElementById("log-new");
  const words = pill.dataset.words;
  let kept = [];
  const show = () => {
    document.getElementById("log-empty")?.remove();
    for (const item of kept) log.prepend(item);
    kept = [];
    while (log.children.length > MOST_LINES) log.lastElementChild.remove();
    pill.hidden = true;
    local(log);
  };
  pill.addEventListener("click", () => {
    show();
    scrollTo({ top: 0 });
  });
  const lines = new EventSource(log.dataset.lines);
  lines.addEventListener("line", (message) => {
    const event = JSON.parse(message.data);
    if (log.dataset.only && !GRAVE.has(event.level)) return;
    kept.push(lineOf(event));
    // a list that somebody reads further down keeps its place
    if (scrollY < 120) show();
    else {
      pill.textContent = words.replace("987654", kept.length);
      pill.hidden = false;
    }
  });
  addEventListener("pagehide", () => lines.close());
}
