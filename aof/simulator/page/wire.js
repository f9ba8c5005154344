/** What travels: every request of the daemon, every webhook to it, and what became of them. */

import { el, foreign, visible } from "./dom.js";
import { Following } from "./follow.js";
import { shownJson } from "./json.js";
import { currentLanguage, say, timeOfDay, wholeTime } from "./words.js";

const MOST_SHOWN = 300;

export class Wire {
  /** @param {Object} page `sources` */
  constructor(page) {
    this.page = page;
    this.shown = new Map();
    this.forgotten = new Map();
    this.heading = el("h2", { id: "wire-name" });
    this.targets = el("div");
    this.list = el("ol", { class: "exchanges" });
    this.log = el("div", { class: "log" }, this.list);
    this.first = el("p", { class: "first soft" });
    const body = el("div", { class: "screen" }, this.log, this.first);
    this.element = el("section", { class: "wire", "aria-labelledby": "wire-name" }, el("header", {}, this.heading, this.targets), body);
    this.following = new Following(this.log, this.list, body);
  }

  relabel() {
    this.heading.textContent = say("wire");
    const [suggestion] = this.page.sources[0]?.suggested[currentLanguage()] ?? [""];
    this.first.textContent = say("wire_empty", suggestion);
    this.following.relabel();
    for (const entry of this.shown.values()) this.redraw(entry);
  }

  /** Where each simulator posts what it has to tell. */
  update(sources) {
    const known = sources.filter((source) => source.webhooks);
    const told = JSON.stringify([known.map((source) => [source.platform, source.webhooks]), currentLanguage()]);
    if (told === this.told) return;
    this.told = told;
    this.targets.replaceChildren(...known.map((source) => target(source, known.length > 1)));
  }

  find(exchange, source) {
    return this.shown.get(keyOf(exchange, source))?.exchange;
  }

  show(exchange, source) {
    const key = keyOf(exchange, source);
    const entry = this.shown.get(key);
    if (entry) {
      entry.exchange = exchange;
      this.following.keep(() => this.redraw(entry), 0);
      return;
    }
    // an exchange that is no longer shown may still end
    if (!this.forgotten.has(source)) this.forgotten.set(source, exchange.seq - 1);
    if (exchange.seq <= this.forgotten.get(source) || isIdle(exchange)) return;
    if (exchange.kind !== "verification") this.first.hidden = true;
    this.following.keep(() => {
      const made = { exchange, source, item: drawn(exchange) };
      this.shown.set(key, made);
      let before = this.list.lastElementChild;
      // another simulator may tell later what was earlier
      while (before && new Date(before.dataset.at) > new Date(exchange.at)) before = before.previousElementSibling;
      if (before) before.after(made.item);
      else this.list.prepend(made.item);
      while (this.list.childElementCount > MOST_SHOWN) this.forget(this.list.firstElementChild);
    }, 1);
  }

  forget(item) {
    const [key, { exchange, source }] = [...this.shown].find(([, entry]) => entry.item === item);
    this.forgotten.set(source, Math.max(this.forgotten.get(source), exchange.seq));
    this.shown.delete(key);
    item.remove();
  }

  redraw(entry) {
    const { exchange, item: old } = entry;
    const item = drawn(exchange);
    const [before, after] = [old.querySelector("details"), item.querySelector("details")];
    if (before.open) {
      after.open = true;
      fill(after, exchange);
    }
    const focused = before.querySelector("summary") === document.activeElement;
    old.replaceWith(item);
    entry.item = item;
    if (focused) after.querySelector("summary").focus();
  }

  clear(source) {
    this.forgotten.delete(source);
    for (const [key, entry] of this.shown) {
      if (entry.source !== source) continue;
      entry.item.remove();
      this.shown.delete(key);
    }
    this.first.hidden = this.shown.size > 0;
    this.following.seen();
  }
}

function keyOf(exchange, source) {
  return `${source.base} ${exchange.seq}`;
}

function target(source, several) {
  const { url, pending, held } = source.webhooks;
  const words = [pending > 0 ? say("pending", pending) : "", held > 0 ? say("receipts_held", held) : ""];
  const where = url ? el("code", { dir: "ltr" }, visible(url)) : say(source.platform === "telegram" ? "webhooks_asked_for" : "webhooks_nowhere");
  const who = several ? `${say("platform")[source.platform]}: ` : "";
  const asked = !url && source.platform === "telegram";
  return el("p", { class: "target soft" }, who, asked ? "" : `${say("webhooks_to")} `, where, words.filter(Boolean).map((word) => ` · ${word}`).join(""));
}

/** Whether the platform or the daemon said no. */
export function isRefusal(exchange) {
  return exchange.status !== null && exchange.status >= 400;
}

/** Asking for updates while there are none says nothing. */
function isIdle(exchange) {
  if (!/\/getUpdates$/u.test(exchange.url) || isRefusal(exchange)) return false;
  return exchange.status === null || listed(exchange.answer?.result).length === 0;
}

/** The platform's own words for a refusal, e.g. `(#131009) Parameter value is not valid: Button title length invalid …`. */
export function refusalText(exchange) {
  const error = exchange.answer?.error;
  const words = [error?.message ?? error ?? exchange.answer?.description, error?.error_data?.details].filter((part) => typeof part === "string" && part);
  return words.join(": ") || `HTTP ${exchange.status}`;
}

function drawn(exchange) {
  const at = new Date(exchange.at);
  const bad = isRefusal(exchange) || exchange.outcome.startsWith("no answer");
  const details = el(
    "details",
    { on: { toggle: () => details.open && fill(details, exchange) } },
    el(
      "summary",
      {},
      el("span", { class: `status ${bad ? "bad" : exchange.status === null ? "" : "ok"}` }, exchange.status ?? (exchange.outcome === "open" ? "···" : "–")),
      el("span", { class: "hidden" }, ` ${say(exchange.kind)}: `),
      el("span", { class: "arrow", "aria-hidden": "true" }, exchange.kind === "request" ? "↑" : "↓"),
      el("span", { class: "line" }, foreign("bdi", summary(exchange))),
      el("time", { dateTime: exchange.at, title: wholeTime(at) }, timeOfDay(at, { seconds: true })),
      isRefusal(exchange) ? el("span", { class: "refusal" }, foreign("bdi", refusalText(exchange))) : null,
    ),
  );
  return el("li", { data: { seq: exchange.seq, at: exchange.at } }, details);
}

/** The bodies are drawn when somebody looks. */
function fill(details, exchange) {
  if (details.querySelector(".bodies")) return;
  const parts = [
    el("p", { class: "soft", dir: "ltr" }, visible(`${exchange.method} ${exchange.url}`)),
    el("h3", {}, say("body")),
    shownJson(exchange.body, exchange.field, say("refused_field")),
    el("h3", {}, say("answer")),
    exchange.status === null ? el("p", { class: "soft" }, say("nothing")) : shownJson(exchange.answer, null, ""),
  ];
  details.append(el("div", { class: "bodies" }, ...parts));
}

function summary(exchange) {
  const words = [exchange.kind === "request" ? requested(exchange) : told(exchange)];
  if (exchange.attempt > 1) words.push(say("attempt", exchange.attempt));
  if (!["answered", "acknowledged", "verified", "open"].includes(exchange.outcome)) words.push(exchange.outcome);
  return words.join(" · ");
}

function requested(exchange) {
  const path = exchange.url.split("?")[0].replace(/\/\d{9,}(?=\/|$)/u, "/…");
  const [, method] = /^\/bot[^/]*\/(\w+)$/u.exec(path) ?? [];
  if (method === "getUpdates") return `${method} (${listed(exchange.answer?.result).map(updated).join(", ")})`;
  if (method) return method;
  const body = exchange.body ?? {};
  const what = body.status === "read" ? (body.typing_indicator ? "read, typing" : "read") : body.interactive?.type ?? body.type;
  return `${exchange.method} ${path}${what ? ` (${what})` : ""}`;
}

function told(exchange) {
  if (exchange.kind === "verification") return "webhook verification";
  if (exchange.body?.update_id !== undefined) return `webhook ${updated(exchange.body)}`;
  const values = listed(exchange.body?.entry).flatMap((entry) => listed(entry?.changes)).map((change) => change?.value);
  const words = values.flatMap((value) => [
    ...listed(value?.messages).map((message) => `message (${message?.interactive?.type ?? message?.type})`),
    ...listed(value?.statuses).map((status) => (status?.errors ? `${status.status} (${status.errors[0]?.code})` : status?.status)),
  ]);
  if (words.length > 3) words.splice(3, words.length, `+${words.length - 3}`);
  return `webhook ${words.join(", ") || (typeof exchange.body?.status === "string" ? exchange.body.status : "")}`;
}

/** The kind of one of Telegram's updates. */
function updated(update) {
  return Object.keys(update ?? {}).find((key) => key !== "update_id") ?? "?";
}

/** Anybody may post a webhook of any shape. */
function listed(value) {
  return Array.isArray(value) ? value : [];
}
