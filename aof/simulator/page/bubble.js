/** One message as a phone shows it. */

import { el, foreign } from "./dom.js";
import { formatted } from "./markup.js";
import { say, timeOfDay, wholeTime } from "./words.js";

const TICKS = { sent: "✓", delivered: "✓✓", read: "✓✓", failed: "✕" };

/**
 * @param {Object} message as the control API shows it
 * @param {Object} phone `name`; `find(id)`; `press(message, id)`; `openList(message)`
 */
export function bubble(message, phone) {
  if (message.status === "failed") return failure(message);
  return el(
    "li",
    { class: `message ${message.direction}`, data: { seq: message.seq } },
    el(
      "div",
      { class: "bubble" },
      el("span", { class: "hidden" }, `${say(message.direction)}: `),
      quote(message, phone),
      message.header ? foreign("p", message.header, { class: "header" }) : null,
      isPlain(message.type) ? null : el("p", { class: "soft" }, say("kind", message.type)),
      ...(message.text ? formatted(message.text) : []),
      message.footer ? foreign("p", message.footer, { class: "footer soft" }) : null,
      meta(message),
    ),
    message.reaction ? el("span", { class: "reaction", title: say("reaction", message.reaction) }, message.reaction) : null,
    choices(message, phone),
  );
}

function isPlain(type) {
  return ["text", "interactive", "button", "template"].includes(type);
}

function meta(message) {
  const at = new Date(message.at);
  return el(
    "span",
    { class: "meta" },
    el("time", { dateTime: message.at, title: wholeTime(at) }, timeOfDay(at)),
    el("span", { class: `state ${message.status}` }, el("span", { "aria-hidden": "true" }, TICKS[message.status]), ` ${say(message.status)}`),
  );
}

function quote(message, phone) {
  const quoted = message.quoted_id ? phone.find(message.quoted_id) : undefined;
  if (!quoted) return null;
  const text = quoted.text || say("kind", quoted.type);
  const short = text.length > 90 ? `${text.slice(0, 90)}…` : text;
  return el("div", { class: "quote" }, el("span", { class: "hidden" }, say("quoted")), foreign("p", short));
}

function choices(message, phone) {
  const buttons = message.buttons.map((button) =>
    foreign("button", button.title, { class: "choice", type: "button", on: { click: () => phone.press(message, button.id) } }),
  );
  if (message.rows.length > 0) {
    const open = { class: "choice", type: "button", "aria-haspopup": "dialog", on: { click: () => phone.openList(message) } };
    buttons.push(foreign("button", `☰ ${message.button_label}`, open));
  } else if (message.button_label) {
    buttons.push(el("p", { class: "choice inert", title: say("opens_app") }, message.button_label));
  }
  return buttons.length > 0 ? el("div", { class: "choices" }, ...buttons) : null;
}

/** A message that the platform accepted and could not deliver. */
function failure(message) {
  const said = [message.code ? `(#${message.code})` : "", message.details ?? ""].join(" ").trim();
  return note("failed", "✕", say("not_delivered"), message.text, said, undefined, message.at);
}

/**
 * Something that this phone does not show, told where it happened.
 * @param {"failed"|"refused"|"held"} kind
 */
export function note(kind, sign, title, text, said, field, at) {
  const instant = at ? new Date(at) : undefined;
  return el(
    "li",
    { class: `note ${kind}` },
    el("p", { class: "what" }, el("span", { "aria-hidden": "true" }, `${sign} `), title),
    text ? foreign("p", text, { class: "text" }) : null,
    said ? foreign("p", said, { class: "said" }) : null,
    field ? el("p", { class: "said" }, `${say("field")} `, el("code", { dir: "ltr" }, field)) : null,
    instant ? el("span", { class: "meta" }, el("time", { dateTime: at, title: wholeTime(instant) }, timeOfDay(instant))) : null,
  );
}
