/** The buttons under a message of Telegram, row by row. */

import { el, foreign, visible } from "./dom.js";
import { link } from "./html.js";
import { say } from "./words.js";

const STYLES = ["success", "danger", "primary"];

/**
 * @param {Object} message `keyboard`: rows of id, text, style, kind, value; `pressing`: ids that wait for the bot
 * @param {Object} phone `press(message, id)`, `copy(text)`
 */
export function keyboard(message, phone) {
  if (!message.keyboard?.length) return null;
  const rows = message.keyboard.map((row) => el("div", { class: "keys" }, ...row.map((key) => button(key, message, phone))));
  return el("div", { class: "keyboard" }, ...rows);
}

function button(key, message, phone) {
  const look = `choice ${STYLES.includes(key.style) ? key.style : ""}`.trim();
  switch (key.kind) {
    case "callback":
      return pressed(key, look, message, phone);
    case "url":
      return Object.assign(link(String(key.value), [`${visible(key.text)} \u2197\uFE0E`]), { className: look });
    case "copy":
      return foreign("button", `${key.text} ⧉`, { class: look, type: "button", on: { click: () => phone.copy(String(key.value)) } });
    default:
      return foreign("p", key.text, { class: "choice inert", title: say("inert") });
  }
}

function pressed(key, look, message, phone) {
  const waits = (message.pressing ?? []).includes(key.id);
  const made = foreign("button", key.text, { class: look, type: "button", "aria-busy": waits ? "true" : null, on: { click: () => phone.press(message, key.id) } });
  if (waits) made.append(el("span", { "aria-hidden": "true" }, " …"), el("span", { class: "hidden" }, ` ${say("pressing")}`));
  return made;
}
