/** The list that comes from below: the rows of a list message, or a bot's commands. */

import { el, foreign } from "./dom.js";
import { say } from "./words.js";

/**
 * Opens over one phone; the rest of that phone is inert until a row is chosen or it is closed.
 * @param {HTMLElement} frame the phone
 * @param {Object} list `title`, and `sections` of `title` and `rows` (`id`, `title`, `description`)
 * @param {(id: string) => void} choose
 * @param {() => HTMLElement} opener gets the focus back; a message that changes meanwhile is drawn anew
 */
export function openSheet(frame, list, choose, opener) {
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
  const title = foreign("h2", list.title, { id: `sheet-${frame.id}`, tabIndex: -1 });
  const sheet = el(
    "div",
    { class: "sheet", role: "dialog", "aria-labelledby": title.id, on: { keydown: (event) => event.key === "Escape" && close() } },
    el("div", { class: "sheet-top" }, title, el("button", { class: "plain", type: "button", on: { click: close } }, say("close"))),
    ...list.sections.map(({ title: name, rows }) =>
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
