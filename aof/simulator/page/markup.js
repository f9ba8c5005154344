/** WhatsApp's formatting as elements: *bold*, _italic_, ~strike~, `code`, ```block```, quotes and lists. */

import { directionOf, el, visible } from "./dom.js";

const SPANS = { "*": "strong", "_": "em", "~": "s" };
const BLOCK = /```([\s\S]+?)```/gu;
const QUOTE = /^> ?(.*)$/u;
const BULLET = /^[*-] (.*)$/u;
const NUMBERED = /^(\d{1,3})\. (.*)$/u;

/** The nodes that show a message's text. */
export function formatted(text) {
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(BLOCK)) {
    nodes.push(...lines(text.slice(from, found.index)));
    nodes.push(el("pre", { dir: directionOf(found[1]) }, visible(found[1].replace(/^\n|\n$/gu, ""))));
    from = found.index + found[0].length;
  }
  nodes.push(...lines(text.slice(from)));
  return nodes;
}

function lines(text) {
  const nodes = [];
  const trimmed = text.replace(/^\n+|\n+$/gu, "");
  if (trimmed === "") return nodes;
  for (const line of trimmed.split("\n")) {
    const [kind, node] = block(line);
    const last = nodes.at(-1);
    if (kind === "li" && last?.tagName === "UL") last.append(node);
    else if (kind === "li") nodes.push(el("ul", { dir: node.dir }, node));
    else if (kind === "quote" && last?.tagName === "BLOCKQUOTE") last.append(node);
    else if (kind === "quote") nodes.push(el("blockquote", {}, node));
    else nodes.push(node);
  }
  return nodes;
}

function block(line) {
  const quote = QUOTE.exec(line);
  if (quote) return ["quote", el("p", { dir: directionOf(quote[1]) }, ...spans(quote[1]))];
  const bullet = BULLET.exec(line);
  if (bullet) return ["li", el("li", { dir: directionOf(bullet[1]) }, ...spans(bullet[1]))];
  // A number stays a text: on a phone it is what a person types to choose.
  const numbered = NUMBERED.exec(line);
  if (numbered) return ["p", el("p", { dir: directionOf(numbered[2]), class: "numbered" }, `${numbered[1]}. `, ...spans(numbered[2]))];
  return ["p", el("p", { dir: directionOf(line) }, ...(line === "" ? [el("br")] : spans(line)))];
}

function spans(text) {
  const nodes = [];
  let plain = "";
  const flush = () => {
    if (plain !== "") nodes.push(visible(plain));
    plain = "";
  };
  for (let at = 0; at < text.length; ) {
    const end = closing(text, at);
    if (end === -1) {
      plain += text[at];
      at += 1;
      continue;
    }
    flush();
    const inner = text.slice(at + 1, end);
    nodes.push(text[at] === "`" ? el("code", { dir: directionOf(inner) }, visible(inner)) : el(SPANS[text[at]], {}, ...spans(inner)));
    at = end + 1;
  }
  flush();
  return nodes;
}

/** Where the mark that opens at `at` closes, or -1: marks stand at the edges of words and never around spaces. */
function closing(text, at) {
  const mark = text[at];
  if (mark !== "`" && !(mark in SPANS)) return -1;
  if (mark !== "`" && isWord(text[at - 1])) return -1;
  if (text[at + 1] === undefined || text[at + 1] === mark || (mark !== "`" && /\s/u.test(text[at + 1]))) return -1;
  for (let end = text.indexOf(mark, at + 2); end !== -1; end = text.indexOf(mark, end + 1)) {
    if (mark === "`") return end;
    if (!/\s/u.test(text[end - 1]) && !isWord(text[end + 1])) return end;
  }
  return -1;
}

function isWord(character) {
  return character !== undefined && /[\p{L}\p{N}]/u.test(character);
}
