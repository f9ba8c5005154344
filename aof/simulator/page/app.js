/** Starts the page: language, colours, tabs, and the simulators whose phones and wire it shows. */

import { el, foreign, put } from "./dom.js";
import { Source } from "./source.js";
import { isRefusal, refusalText, Wire } from "./wire.js";
import { currentLanguage, say, setLanguage } from "./words.js";

const THEMES = ["auto", "light", "dark"];
const HERE = new URL(".", import.meta.url).pathname.replace(/\/$/u, "");
const at = (id) => document.getElementById(id);

class Page {
  constructor() {
    this.sources = [];
    this.panels = new Map();
    this.shownTab = undefined;
    this.wire = new Wire(this);
    this.controls = el("div", { class: "controls" });
    this.side = el("div", { class: "panel side", id: "side" }, this.wire.element, this.controls);
    at("table").append(this.side);
    setLanguage(remembered("language", ["en", "ar"]) ?? (navigator.language.startsWith("ar") ? "ar" : "en"));
    at("language").addEventListener("click", () => this.speak(currentLanguage() === "en" ? "ar" : "en"));
    this.theme = remembered("theme", THEMES) ?? "auto";
    at("theme").addEventListener("click", () => this.colour(THEMES[(THEMES.indexOf(this.theme) + 1) % THEMES.length]));
    addEventListener("resize", () => this.readAll());
    document.addEventListener("visibilitychange", () => this.readAll());
    this.colour(this.theme);
    this.join(HERE);
    this.relabel();
    setInterval(() => this.sources.forEach((source) => source.tick()), 1000);
  }

  // -- what the parts ask of the page ---------------------------------------------------------------------------

  /** Show another simulator, too. */
  join(base) {
    if (this.sources.some((source) => source.base === base)) return;
    const source = new Source(base, this);
    this.sources.push(source);
    source.controls.relabel();
    this.controls.append(source.controls.element);
  }

  /** What is simulated: the key of a platform, "both", or "none" while it is not known yet. */
  platforms() {
    const known = new Set(this.sources.map((source) => source.platform).filter(Boolean));
    return known.size > 1 ? "both" : ([...known][0] ?? "none");
  }

  alert(words) {
    put(at("alert"), words);
    at("alert").hidden = words === "";
  }

  /** The phones of one person stand side by side. */
  place(phone) {
    const panels = [...at("table").children];
    const same = panels.filter((panel) => this.panels.get(panel.id)?.state.name === phone.state.name);
    this.panels.set(phone.id, phone);
    (same.at(-1)?.nextSibling ?? this.side).before(phone.element);
    if (this.panels.size === 1) this.tab(phone.id);
    else phone.element.classList.add("aside");
  }

  take(phone) {
    phone.element.remove();
    this.panels.delete(phone.id);
    if (this.shownTab === phone.id) this.tab("side");
  }

  /** A simulator has told its state, or was lost or found. */
  changed() {
    const words = [this.platforms(), currentLanguage()].join();
    if (words !== this.worded) {
      this.worded = words;
      this.relabel();
    }
    this.wire.update(this.sources);
    this.tabs();
    this.showLive();
  }

  exchange(exchange, source) {
    const before = this.wire.find(exchange, source);
    this.wire.show(exchange, source);
    if (exchange.kind !== "request" || !isRefusal(exchange) || (before && isRefusal(before))) return;
    const phone = [...source.phones.values()].find((candidate) => candidate.isAddressed(exchange));
    phone?.showRefusal(textOf(exchange.body), refusalText(exchange), exchange.field, exchange.at);
  }

  clear(source) {
    this.wire.clear(source);
  }

  // -- language, colours, tabs ------------------------------------------------------------------------------------

  speak(language) {
    setLanguage(language);
    localStorage.setItem("language", language);
    this.worded = undefined;
    this.changed();
  }

  colour(theme) {
    this.theme = theme;
    localStorage.setItem("theme", theme);
    document.documentElement.dataset.theme = theme;
    at("theme").textContent = say(`theme_${theme}`);
  }

  relabel() {
    const language = currentLanguage();
    document.documentElement.lang = language;
    document.documentElement.dir = language === "ar" ? "rtl" : "ltr";
    document.title = `aof: ${say("title", this.platforms())}`;
    for (const element of document.querySelectorAll("[data-word]")) element.textContent = say(element.dataset.word, this.platforms());
    at("language").textContent = say("other_language");
    at("language").lang = language === "en" ? "ar" : "en";
    at("theme").textContent = say(`theme_${this.theme}`);
    this.wire.relabel();
    for (const source of this.sources) source.relabel();
    this.tabs();
    this.showLive();
  }

  tabs() {
    const panels = [...at("table").children].flatMap((panel) => this.panels.get(panel.id) ?? []);
    const unread = (phone) => (phone.id === this.shownTab ? 0 : phone.state.unread);
    const called = (phone) => (this.platforms() === "both" ? `${phone.state.name} · ${say("platform")[phone.source.platform]}` : phone.state.name);
    const entries = [...panels.map((phone) => [phone.id, called(phone), unread(phone)]), ["side", say("wire"), 0]];
    at("tabs").setAttribute("aria-label", say("show"));
    // a button that is drawn anew while a finger is on it loses the tap
    const shown = JSON.stringify([entries, this.shownTab, currentLanguage()]);
    if (shown === this.tabsShown) return;
    this.tabsShown = shown;
    const focused = at("tabs").contains(document.activeElement) ? document.activeElement.dataset.tab : undefined;
    at("tabs").replaceChildren(
      ...entries.map(([id, name, count]) =>
        el(
          "button",
          { type: "button", data: { tab: id }, "aria-current": id === this.shownTab ? "true" : "false", on: { click: () => this.tab(id) } },
          foreign("span", name),
          count > 0 ? el("span", { class: "count", "aria-label": say("unread", count) }, String(count)) : null,
        ),
      ),
    );
    if (focused) at("tabs").querySelector(`[data-tab="${focused}"]`)?.focus();
  }

  tab(id) {
    this.shownTab = id;
    for (const panel of at("table").children) panel.classList.toggle("aside", panel.id !== id);
    this.tabs();
    this.readAll();
  }

  readAll() {
    for (const phone of this.panels.values()) phone.read();
  }

  showLive() {
    const connected = this.sources.length > 0 && this.sources.every((source) => source.connected);
    put(at("live"), say(connected ? "live" : "reconnecting"));
    at("live").classList.toggle("on", connected);
  }
}

/** A refused body may hold anything. */
function textOf(body) {
  const texts = [body?.text?.body, body?.interactive?.body?.text, body?.template?.name, body?.text, body?.caption, body?.rich_message?.markdown];
  return texts.find((text) => typeof text === "string") ?? "";
}

function remembered(name, allowed) {
  const found = localStorage.getItem(name);
  return allowed.includes(found) ? found : undefined;
}

new Page();
