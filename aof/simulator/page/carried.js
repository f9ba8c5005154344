/** What a message carries besides its text, as far as a phone shows it: media, a place, people, cards. */

import { el, foreign, visible } from "./dom.js";
import { formatted } from "./markup.js";
import { appWords, kindWords } from "./words.js";

const SIGNS = { image: "🖼", video: "🎞", audio: "🎵", voice: "🎤", document: "📄", sticker: "🌟", location: "📍", contacts: "👤" };
const TEXTS = ["text", "interactive", "button", "template"];

/** What to call a message that has no text. */
export function called(message) {
  return kindOf(message.type, message.content[message.type]);
}

/** What stands above the text: the header, or what the text is the caption of. */
export function above(message) {
  const node = message.content[message.type];
  const medium = mediumOf(message.type === "interactive" ? node?.header : templateHeader(message.type, node));
  if (medium) return [medium];
  if (message.header) return [foreign("p", message.header, { class: "header" })];
  return TEXTS.includes(message.type) ? [] : [line(message.type, node)];
}

/** What stands below the text. */
export function below(message) {
  const node = message.content[message.type];
  if (message.type === "location") return place(node);
  return message.type === "contacts" && Array.isArray(node) ? node.flatMap(person) : [];
}

/**
 * The cards of a carousel, each with its own buttons.
 * @param {(action: Object) => HTMLElement} pressed makes the button for a quick reply
 */
export function cards(message, pressed) {
  const found = message.direction === "in" ? message.content.interactive?.action?.cards : undefined;
  if (!found) return null;
  return el(
    "ol",
    { class: "cards" },
    ...found.map((card) =>
      el(
        "li",
        { class: "bubble" },
        mediumOf(card.header),
        ...formatted(card.body?.text ?? ""),
        ...(card.action.buttons ?? []).map((button) => pressed(button.quick_reply)),
        card.action.parameters?.display_text ? inert(card.action.parameters.display_text) : null,
      ),
    ),
  );
}

/** A button that opens something which only a real phone has. */
export function appButton(message) {
  const label = message.button_label ?? (message.direction === "in" ? appWords(message.content.interactive?.type) : undefined);
  return label ? inert(label) : null;
}

function inert(label) {
  return foreign("p", label, { class: "choice inert", title: appWords("hint") });
}

function templateHeader(type, node) {
  const components = type === "template" ? list(node?.components) : [];
  return components.find((component) => String(component?.type).toLowerCase() === "header")?.parameters?.[0];
}

/** A header that is not a text. */
function mediumOf(header) {
  return header && Object.hasOwn(SIGNS, header.type) ? line(header.type, header[header.type]) : null;
}

function line(type, node) {
  const key = node?.voice === true ? "voice" : type;
  const sign = Object.hasOwn(SIGNS, key) ? SIGNS[key] : "";
  const name = typeof node?.filename === "string" ? [" ", foreign("bdi", node.filename)] : [];
  return el("p", { class: "kind soft" }, sign ? el("span", { "aria-hidden": "true" }, `${sign} `) : null, kindOf(type, node), ...name);
}

function kindOf(type, node) {
  return kindWords(node?.voice === true ? "voice" : type) ?? visible(`[${type}]`);
}

function place(node) {
  const named = typeof node?.name === "string" && typeof node.address === "string";
  const where = [node?.latitude, node?.longitude].filter((part) => part !== undefined).join(", ");
  return [named ? foreign("p", node.address) : null, el("p", { class: "soft" }, el("bdi", { dir: "ltr" }, visible(where)))];
}

function person(contact) {
  const reached = [...list(contact?.phones).map((phone) => phone?.phone), ...list(contact?.emails).map((mail) => mail?.email)];
  return [
    foreign("p", String(contact?.name?.formatted_name ?? ""), { class: "header" }),
    ...reached.filter(Boolean).map((text) => el("p", {}, el("bdi", { dir: "ltr" }, visible(String(text))))),
  ];
}

/** A phone may send a node of any shape. */
function list(value) {
  return Array.isArray(value) ? value : [];
}
