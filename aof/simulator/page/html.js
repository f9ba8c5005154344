/** Telegram's HTML as elements. Whatever is no tag of Telegram's stays text, and nothing becomes markup of this page. */

import { directionOf, el, visible } from "./dom.js";

const TOKEN = /<(?<end>\/?)(?<tag>[a-z][a-z0-9-]*)(?<attributes>(?:\s+[a-z-]+(?:="[^"]*")?)*)\s*>|&(?<entity>#\d{1,7}|#x[0-9a-f]{1,6}|lt|gt|amp|quot);/giu;
const ATTRIBUTE = /([a-z-]+)(?:="([^"]*)")?/giu;
const ENTITIES = { lt: "<", gt: ">", amp: "&", quot: '"' };
const NAMES = { b: "strong", strong: "strong", i: "em", em: "em", u: "u", ins: "u", s: "s", strike: "s", del: "s", code: "code", a: "a", "tg-spoiler": "spoiler", span: "spoiler", "tg-emoji": "bdi", "tg-time": "bdi", pre: "pre", blockquote: "blockquote" };
const BLOCKS = new Set(["pre", "blockquote"]);
const SAFE_LINK = /^(?:https?|mailto|tel|tg):/iu;

/** The nodes that show a message's HTML, each line with the direction of its own. */
export function formattedHtml(html) {
  return blocks(tree(html));
}

/** The nodes that show a text without any markup. */
export function plain(text) {
  return blocks([text]);
}

// -- reading ------------------------------------------------------------------------------------------------------------

/** Texts, and nodes `{name, attributes, children}`. */
function tree(html) {
  const root = { name: "", children: [] };
  const open = [root];
  const write = (text) => text && open.at(-1).children.push(text);
  let from = 0;
  for (const found of html.matchAll(TOKEN)) {
    write(html.slice(from, found.index));
    from = found.index + found[0].length;
    const { end, tag, attributes, entity } = found.groups;
    const name = tag && Object.hasOwn(NAMES, tag.toLowerCase()) ? NAMES[tag.toLowerCase()] : undefined;
    if (entity) write(character(entity.toLowerCase()));
    else if (name === undefined) write(found[0]);
    else if (!end) {
      const node = { name, attributes: read(attributes), children: [] };
      open.at(-1).children.push(node);
      open.push(node);
    } else if (open.at(-1).name === name) open.pop();
    else write(found[0]);
  }
  write(html.slice(from));
  return root.children;
}

function character(entity) {
  if (!entity.startsWith("#")) return ENTITIES[entity];
  const code = entity.startsWith("#x") ? Number.parseInt(entity.slice(2), 16) : Number(entity.slice(1));
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "\uFFFD";
}

function read(attributes) {
  const unescaped = (value) => value.replace(/&(lt|gt|amp|quot);/gu, (_, name) => ENTITIES[name]);
  return Object.fromEntries([...attributes.matchAll(ATTRIBUTE)].map(([, name, value]) => [name.toLowerCase(), unescaped(value ?? "")]));
}

// -- drawing ------------------------------------------------------------------------------------------------------------

function blocks(children) {
  const nodes = [];
  let inline = [];
  const flush = () => {
    nodes.push(...paragraphs(inline));
    inline = [];
  };
  for (const child of children) {
    if (!BLOCKS.has(child.name)) {
      inline.push(child);
      continue;
    }
    flush();
    nodes.push(child.name === "pre" ? codeBlock(child) : quoted(paragraphs(child.children)));
  }
  flush();
  return nodes;
}

export function quoted(paragraphs) {
  return turned(el("blockquote", {}, ...paragraphs));
}

/** The same element, in the direction of what it holds. */
export function turned(element) {
  element.dir = directionOf(element.textContent);
  return element;
}

function codeBlock(node) {
  const [only] = node.children;
  const text = textOf(node.children).replace(/^\n|\n$/gu, "");
  const language = node.children.length === 1 && only.name === "code" ? /^language-(\S+)$/u.exec(only.attributes.class ?? "")?.[1] : undefined;
  return el("pre", { dir: directionOf(text), title: language && visible(language) }, visible(text));
}

function paragraphs(children) {
  const found = lines(children);
  while (found.length > 0 && textOf(found[0]) === "") found.shift();
  while (found.length > 0 && textOf(found.at(-1)) === "") found.pop();
  return found.map((line) => {
    const text = textOf(line);
    return el("p", { dir: directionOf(text) }, ...(text === "" ? [el("br")] : line.map(span)));
  });
}

/** What stands around the end of a line goes on in the next one. */
function lines(children) {
  const found = [[]];
  for (const child of children) {
    const pieces = typeof child === "string" ? child.split("\n") : lines(child.children).map((piece) => ({ ...child, children: piece }));
    found.at(-1).push(pieces[0]);
    found.push(...pieces.slice(1).map((piece) => [piece]));
  }
  return found;
}

function span(node) {
  if (typeof node === "string") return visible(node);
  const inner = node.children.map(span);
  const text = textOf(node.children);
  if (node.name === "code") return el("code", { dir: directionOf(text) }, visible(text));
  if (node.name === "a") return link(node.attributes.href ?? "", inner);
  if (node.name === "spoiler") return spoiler(inner);
  return el(BLOCKS.has(node.name) ? "span" : node.name, {}, ...inner);
}

/** A tap, or the keyboard's focus, uncovers it. */
export function spoiler(inner) {
  return el("span", { class: "spoiler", tabIndex: 0 }, ...inner);
}

/** A way out of this page where that is safe to follow. */
export function link(href, inner) {
  if (!SAFE_LINK.test(href)) return el("span", { title: visible(href) }, ...inner);
  return el("a", { href, title: visible(href), target: "_blank", rel: "noopener noreferrer" }, ...inner);
}

function textOf(children) {
  return children.map((child) => (typeof child === "string" ? child : textOf(child.children))).join("");
}
