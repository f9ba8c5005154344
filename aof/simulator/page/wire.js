/** What travels: every request of the daemon, every webhook to it, and what became of them. */

import { el, foreign, visible } from "./dom.js";
import { Following } from "./follow.js";
import { shownJson } from "./json.js";
import { say, timeOfDay, wholeTime } from "./words.js";

const MOST_SHOWN = 300;

export class Wire {
  constructor(page) {
    this.page = page;
    this.exchanges = new Map();
    this.forgotten = undefined;
    this.heading = el("h2", { id: "wire-name" });
    this.target = el("p", { class: "target soft" });
    this.list = el("ol", { class: "exchanges" });
    this.log = el("div", { class: "log" }, this.list);
    this.first = el("p", { class: "first soft" });
    const body = el("div", { class: "screen" }, this.log, this.first);
    this.element = el("section", { class: "wire", "aria-labelledby": "wire-name" }, el("header", {}, this.heading, this.target), body);
    this.following = new Following(this.log, this.list, body);
  }

  relabel() {
    this.heading.textContent = say("wire");
    this.first.textContent = say("wire_empty", this.page.suggestions()[0]);
    this.following.relabel();
    for (const [seq, exchange] of this.exchanges) this.replace(seq, exchange);
  }

  update(webhooks) {
    const words = [webhooks.pending > 0 ? say("pending", webhooks.pending) : "", webhooks.held > 0 ? say("receipts_held", webhooks.held) : ""];
    const where = webhooks.url ? el("code", { dir: "ltr" }, visible(webhooks.url)) : say("webhooks_nowhere");
    this.target.replaceChildren(`${say("webhooks_to")} `, where, words.filter(Boolean).map((word) => ` · ${word}`).join(""));
  }

  show(exchange) {
    const before = this.exchanges.has(exchange.seq);
    // an exchange that is no longer shown may still end
    this.forgotten ??= exchange.seq - 1;
    if (!before && exchange.seq <= this.forgotten) return;
    this.exchanges.set(exchange.seq, exchange);
    if (before) {
      this.following.keep(() => this.replace(exchange.seq, exchange), 0);
      return;
    }
    if (exchange.kind !== "verification") this.first.hidden = true;
    this.following.keep(() => {
      this.list.append(drawn(exchange));
      while (this.list.childElementCount > MOST_SHOWN) {
        this.forgotten = Number(this.list.firstElementChild.dataset.seq);
        this.exchanges.delete(this.forgotten);
        this.list.firstElementChild.remove();
      }
    }, 1);
  }

  replace(seq, exchange) {
    const old = [...this.list.children].find((child) => child.dataset.seq === String(seq));
    const item = drawn(exchange);
    const [before, after] = [old.querySelector("details"), item.querySelector("details")];
    if (before.open) {
      after.open = true;
      fill(after, exchange);
    }
    const focused = before.querySelector("summary") === document.activeElement;
    old.replaceWith(item);
    if (focused) after.querySelector("summary").focus();
  }

  clear() {
    this.exchanges.clear();
    this.forgotten = undefined;
    this.list.replaceChildren();
    this.first.hidden = false;
    this.following.seen();
  }
}

/** Whether the platform or the daemon said no. */
export function isRefusal(exchange) {
  return exchange.status !== null && exchange.status >= 400;
}

/** The platform's own words for a refusal, e.g. `(#131009) Parameter value is not valid: Button title length invalid …`. */
export function refusalText(exchange) {
  const error = exchange.answer?.error;
  const words = [error?.message ?? error, error?.error_data?.details].filter((part) => typeof part === "string" && part);
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
  return el("li", { data: { seq: exchange.seq } }, details);
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
  const body = exchange.body ?? {};
  const what = body.status === "read" ? (body.typing_indicator ? "read, typing" : "read") : body.interactive?.type ?? body.type;
  return `${exchange.method} ${path}${what ? ` (${what})` : ""}`;
}

function told(exchange) {
  if (exchange.kind === "verification") return "webhook verification";
  const values = listed(exchange.body?.entry).flatMap((entry) => listed(entry?.changes)).map((change) => change?.value);
  const words = values.flatMap((value) => [
    ...listed(value?.messages).map((message) => `message (${message?.interactive?.type ?? message?.type})`),
    ...listed(value?.statuses).map((status) => (status?.errors ? `${status.status} (${status.errors[0]?.code})` : status?.status)),
  ]);
  if (words.length > 3) words.splice(3, words.length, `+${words.length - 3}`);
  return `webhook ${words.join(", ") || (typeof exchange.body?.status === "string" ? exchange.body.status : "")}`;
}

/** Anybody may post a webhook of any shape. */
function listed(value) {
  return Array.isArray(value) ? value : [];
}
