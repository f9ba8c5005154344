/** One message as a phone shows it. */

import { above, appButton, below, called, cards } from "./carried.js";
import { directionOf, el, foreign } from "./dom.js";
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
      ...above(message),
      ...(message.text ? formatted(message.text) : []),
      ...below(message),
      message.footer ? foreign("p", message.footer, { class: "footer soft" }) : null,
      meta(message),
    ),
    message.reaction ? foreign("span", String(message.reaction), { class: "reaction", title: say("reaction") }) : null,
    choices(message, phone),
  );
}

/** When it was said, and how far it came. */
export function meta(message, more = null, ticks = true) {
  const at = new Date(message.at);
  return el(
    "span",
    { class: "meta" },
    more,
    el("time", { dateTime: message.at, title: wholeTime(at) }, timeOfDay(at)),
    ticks ? el("span", { class: `state ${message.status}` }, el("span", { "aria-hidden": "true" }, TICKS[message.status]), ` ${say(message.status)}`) : null,
  );
}

/** What it answers. `drawn` makes the nodes of that text. */
export function quote(message, phone, drawn = formatted) {
  const quoted = message.quoted_id ? phone.find(message.quoted_id) : undefined;
  if (!quoted) return null;
  const letters = [...(quoted.text || called(quoted))];
  const short = letters.length > 90 ? `${letters.slice(0, 90).join("")}…` : letters.join("");
  return el("div", { class: "quote", dir: directionOf(short) }, el("span", { class: "hidden" }, say("quoted")), ...drawn(short));
}

function choices(message, phone) {
  const choice = (title, listener, more) => foreign("button", title, { class: "choice", type: "button", on: { click: listener }, ...more });
  const pressed = (button) => choice(button.title, () => phone.press(message, button.id));
  const inCards = cards(message, pressed);
  if (inCards) return inCards;
  const buttons = message.buttons.map(pressed);
  if (message.rows.length > 0) buttons.push(choice(`☰ ${message.button_label}`, () => phone.openList(message), { "aria-haspopup": "dialog" }));
  else buttons.push(appButton(message));
  return buttons.some(Boolean) ? el("div", { class: "choices" }, ...buttons) : null;
}

/** A message that the platform accepted and could not deliver. */
function failure(message) {
  const said = [message.code ? `(#${message.code})` : "", message.details ?? ""].join(" ").trim();
  return note("failed", "✕", say("not_delivered"), message.text || called(message), said, undefined, message.at);
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
