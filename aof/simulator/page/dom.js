/** Elements without markup: every text becomes a text node, so nothing that a stranger wrote can act. */

/**
 * @param {string} tag
 * @param {Object} properties `class`, `on` (event name to listener), `data`, attributes with a dash or `role`; the rest
 *   are properties of the element. `undefined` and `null` are left out.
 * @param {...(Node|string|null|undefined)} children
 */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name === "class") element.className = value;
    else if (name === "on") for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    else if (name === "data") Object.assign(element.dataset, value);
    else if (name === "role" || name === "for" || name.includes("-")) element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Set a text; one that is there already is left alone, so that nothing reads it out again. */
export function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** A text from outside: its direction is its own, and it can't turn what stands around it. */
export function foreign(tag, text, properties = {}) {
  return el(tag, { dir: directionOf(text), ...properties }, visible(text));
}

const ISOLATED = /[\u2066-\u2068][^\u2069]*\u2069?/gu;
const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\u200F]/u;

/** As a phone decides it: by the first letter that is not in an isolate (`dir=auto` looks into isolates). */
export function directionOf(text) {
  const letter = /[\p{L}\u200E\u200F]/u.exec(text.replace(ISOLATED, ""));
  return letter === null ? "auto" : RIGHT_TO_LEFT.test(letter[0]) ? "rtl" : "ltr";
}

const TURNING = /[\u202A-\u202E]/gu;

/** Marks that would reorder or hide text are shown by name. Isolates are kept: they end with the text. */
export function visible(text) {
  return text.replace(TURNING, (mark) => `[U+${mark.codePointAt(0).toString(16).toUpperCase()}]`);
}
