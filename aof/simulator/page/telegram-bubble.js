/** One message, or one that is still being written, as Telegram shows it. */

import { meta, quote } from "./bubble.js";
import { el, foreign, visible } from "./dom.js";
import { formattedHtml, plain } from "./html.js";
import { keyboard } from "./keyboard.js";
import { richBlocks } from "./rich.js";
import { kindWords, say } from "./words.js";

const SIGNS = { photo: "🖼", video: "🎞", animation: "🎞", audio: "🎵", voice: "🎤", document: "📄", sticker: "🌟", location: "📍", venue: "📍", contact: "👤", poll: "📊" };
const TEXTS = ["text", "rich"];

/**
 * @param {Object} message as the control API shows it
 * @param {Object} phone `find(id)`; `press(message, id)`; `source`; `author(message)`; `nameOf(message)`;
 *   `place.group`
 */
export function telegramBubble(message, phone) {
  if (message.type === "service") return service(message);
  const named = phone.place.group && message.direction !== "out";
  return el(
    "li",
    { class: `message ${message.direction}`, data: { seq: message.seq } },
    el(
      "div",
      { class: "bubble" },
      named ? foreign("p", phone.nameOf(message), { class: "author" }) : el("span", { class: "hidden" }, `${phone.author(message)}: `),
      quote(message, phone, plain),
      carried(message, phone),
      ...said(message),
      meta(message, message.edited ? el("span", {}, say("edited")) : null, message.direction === "out"),
    ),
    message.reaction ? foreign("span", String(message.reaction), { class: "reaction", title: say("reaction") }) : null,
    keyboard(message, phone),
  );
}

/**
 * What the bot is writing, with the button that stops it.
 * @param {(draft: Object) => void} stop
 */
export function draftBubble(draft, author, stop) {
  const words = said(draft);
  return el(
    "li",
    { class: "message in draft", data: { draft: draft.draft_id } },
    el(
      "div",
      { class: "bubble" },
      el("span", { class: "hidden" }, `${author}: `),
      ...(words.length > 0 ? words : [el("p", { class: "soft" }, say("thinking"))]),
      el("span", { class: "meta" }, say("draft")),
    ),
    draft.can_stop ? el("div", { class: "choices" }, el("button", { class: "choice danger", type: "button", on: { click: () => stop(draft) } }, `◼ ${say("stop")}`)) : null,
  );
}

function said(message) {
  if (message.blocks) return richBlocks(message.blocks);
  return message.html ? formattedHtml(message.html) : plain(message.text ?? "");
}

function service(message) {
  return el("li", { class: "service soft", data: { seq: message.seq } }, ...plain(message.text || String(message.type)));
}

/** A file, or whatever else stands above the text. */
function carried({ type, file, content }, phone) {
  if (TEXTS.includes(type)) return null;
  const sign = Object.hasOwn(SIGNS, type) ? el("span", { "aria-hidden": "true" }, `${SIGNS[type]} `) : null;
  const kind = kindWords(type) ?? visible(`[${type}]`);
  if (!file) return el("p", { class: "kind soft" }, sign, kind, place(content?.location ?? content?.venue?.location));
  const href = `${phone.source.base}/files/${encodeURIComponent(file.id)}`;
  if (type === "photo") return el("img", { class: "photo", src: href, alt: kind, loading: "lazy" });
  const name = file.name ? foreign("bdi", file.name) : kind;
  const size = typeof file.size === "number" ? el("span", { class: "soft" }, " · ", el("bdi", { dir: "ltr" }, bytes(file.size))) : null;
  return el("p", { class: "kind" }, sign, el("a", { href, download: file.name ?? "", title: kind }, name), size);
}

function place(location) {
  return location ? el("bdi", { dir: "ltr" }, ` ${visible(`${location.latitude}, ${location.longitude}`)}`) : null;
}

function bytes(count) {
  return count < 1000 ? `${count} B` : count < 1_000_000 ? `${(count / 1000).toFixed(1)} kB` : `${(count / 1_000_000).toFixed(1)} MB`;
}
