/** The list that comes from below when the button of a list message is pressed. */

import { el, foreign } from "./dom.js";
import { say } from "./words.js";

/**
 * Opens over one phone; the rest of that phone is inert until a row is chosen or it is closed.
 * @param {HTMLElement} frame the phone
 * @param {Object} message a list message
 * @param {(id: string) => void} choose
 * @param {() => HTMLElement} opener gets the focus back; a message that changes meanwhile is drawn anew
 */
export function openSheet(frame, message, choose, opener) {
  const behind = [...frame.children];
  const close = () => {
    sheet.remove();
    for (const child of behind) child.inert = false;
    opener().focus();
  };
  const pick = (id) => {
    close();
    choose(id);
  };
  const title = foreign("h2", message.button_label, { id: `sheet-${message.seq}`, tabIndex: -1 });
  const sheet = el(
    "div",
    { class: "sheet", role: "dialog", "aria-labelledby": title.id, on: { keydown: (event) => event.key === "Escape" && close() } },
    el("div", { class: "sheet-top" }, title, el("button", { class: "plain", type: "button", on: { click: close } }, say("close"))),
    ...sections(message).map(([name, rows]) =>
      el("section", {}, name ? foreign("h3", name, { class: "soft" }) : null, el("ul", {}, ...rows.map((row) => el("li", {}, rowButton(row, pick))))),
    ),
  );
  for (const child of behind) child.inert = true;
  frame.append(sheet);
  title.focus();
}

function rowButton(row, pick) {
  return el(
    "button",
    { class: "row", type: "button", on: { click: () => pick(row.id) } },
    foreign("span", row.title, { class: "row-title" }),
    row.description ? foreign("span", row.description, { class: "soft" }) : null,
  );
}

function sections(message) {
  const named = message.content.interactive?.action?.sections ?? [];
  return named.map((section) => [section.title, section.rows]);
}
