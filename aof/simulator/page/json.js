/** JSON as indented text, with one field marked. */

import { el, visible } from "./dom.js";

/**
 * @param {*} value
 * @param {string|null} field where the refused value stands, e.g. `interactive['action']['buttons'][1]['reply']['title']`
 * @param {string} reason what the mark means, for those who can't see it
 */
export function shownJson(value, field, reason) {
  const path = field ? parsed(field) : null;
  const pre = el("pre", { class: "json", dir: "ltr", tabIndex: 0 });
  if (typeof value === "string") pre.append(visible(value));
  else write(pre, value, path, "", reason);
  return pre;
}

function parsed(field) {
  return [...field.matchAll(/([^[\]'.]+)/gu)].map(([, step]) => step);
}

/** `path` is what is left of the way to the marked field; null: not on that way. */
function write(into, value, path, indent, reason) {
  if (path !== null && path.length === 0) {
    const mark = el("mark", { title: reason }, el("span", { class: "hidden" }, `${reason}: `));
    write(mark, value, null, indent, reason);
    into.append(mark);
    return;
  }
  const entries = value !== null && typeof value === "object" ? Object.entries(value) : null;
  if (entries === null || entries.length === 0) {
    into.append(visible(JSON.stringify(value)));
    return;
  }
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  const deeper = `${indent}  `;
  into.append(`${open}\n`);
  entries.forEach(([key, inner], index) => {
    const name = Array.isArray(value) ? "" : `${visible(JSON.stringify(key))}: `;
    into.append(deeper, name);
    write(into, inner, path !== null && path[0] === key ? path.slice(1) : null, deeper, reason);
    into.append(index < entries.length - 1 ? ",\n" : "\n");
  });
  into.append(indent, close);
}
