/** The blocks of a rich message of Telegram as elements: headings, lists, tables and the rest. */

import { directionOf, el, visible } from "./dom.js";
import { link, quoted, spoiler, turned } from "./html.js";

const SPANS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", subscript: "sub", superscript: "sup", marked: "mark" };

/** @param {Object[]} blocks of `Message.rich_message` */
export function richBlocks(blocks) {
  return listed(blocks).map(block).filter(Boolean);
}

function block(of) {
  switch (of?.type) {
    case "heading":
      return line("p", of.text, { class: `heading size-${Math.min(Math.max(Number(of.size) || 1, 1), 6)}`, role: "heading", "aria-level": "3" });
    case "pre":
      return el("pre", { dir: directionOf(textOf(of.text)) }, visible(textOf(of.text)));
    case "footer":
      return line("p", of.text, { class: "footer soft" });
    case "thinking":
      return line("p", of.text, { class: "soft" });
    case "divider":
      return el("hr");
    case "list":
      return list(of);
    case "blockquote":
      return quoted(richBlocks(of.blocks));
    case "pullquote":
    case "expandable_blockquote":
      return quoted([line("p", of.text)]);
    case "table":
      return table(of);
    case "details":
      return el("details", { class: "fold", open: of.is_open === true }, el("summary", {}, ...spans(of.summary)), ...richBlocks(of.blocks));
    default:
      return other(of);
  }
}

/** A paragraph, and whatever else has a text or is only known by its name. */
function other(of) {
  const text = of?.text ?? of?.expression ?? of?.caption?.text;
  if (text !== undefined) return line("p", text);
  return el("p", { class: "soft" }, visible(`[${of?.type}]`));
}

function list(of) {
  const items = listed(of.items).map((item) => {
    const box = item.has_checkbox ? (item.is_checked ? "☑" : "☐") : undefined;
    return el("li", {}, el("span", { class: "label" }, `${visible(String(box ?? item.label ?? "•"))} `), el("div", {}, ...richBlocks(item.blocks)));
  });
  return turned(el("ul", { class: "labelled" }, ...items));
}

function table(of) {
  const rows = listed(of.cells).map((row) =>
    el("tr", {}, ...listed(row).map((cell) => line(cell.is_header ? "th" : "td", cell.text ?? "", { colSpan: cell.colspan, rowSpan: cell.rowspan, class: cell.align }))),
  );
  const caption = of.caption === undefined ? null : line("caption", of.caption);
  return turned(el("div", { class: "wide", tabIndex: 0, role: "group" }, el("table", {}, caption, el("tbody", {}, ...rows))));
}

function line(tag, text, properties = {}) {
  return el(tag, { dir: directionOf(textOf(text)), ...properties }, ...spans(text));
}

/** A rich text is a text, several of them, or one with a meaning. */
function spans(text) {
  if (typeof text === "string") return text.split("\n").flatMap((part, n) => (n > 0 ? [el("br"), visible(part)] : [visible(part)]));
  if (Array.isArray(text)) return text.flatMap(spans);
  const inner = text?.text === undefined ? [visible(textOf(text))] : spans(text.text);
  if (text?.type === "code") return [el("code", { dir: directionOf(textOf(text)) }, ...inner)];
  if (text?.type === "url") return [link(String(text.url), inner)];
  if (text?.type === "spoiler") return [spoiler(inner)];
  return Object.hasOwn(SPANS, text?.type) ? [el(SPANS[text.type], {}, ...inner)] : inner;
}

function textOf(text) {
  if (typeof text === "string") return text;
  if (Array.isArray(text)) return text.map(textOf).join("");
  return text ? textOf(text.text ?? text.alternative_text ?? text.expression ?? text.button?.text ?? "") : "";
}

/** What a bot sent may have any shape. */
function listed(value) {
  return Array.isArray(value) ? value : [];
}
