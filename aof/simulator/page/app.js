/** Starts the page: language, colours, tabs, and the stream of events that feeds the phones and the wire. */

import { Controls } from "./controls.js";
import { el, foreign, put } from "./dom.js";
import { PhonePanel } from "./phone.js";
import { isRefusal, refusalText, Wire } from "./wire.js";
import { currentLanguage, say, setLanguage } from "./words.js";

const THEMES = ["auto", "light", "dark"];
const at = (id) => document.getElementById(id);

class Page {
  constructor() {
    this.phones = new Map();
    this.shownTab = undefined;
    this.ahead = 0;
    this.suggested = { en: ["hello"], ar: ["مرحبا"] };
    this.connected = false;
    this.wire = new Wire(this);
    this.controls = new Controls(this);
    this.side = el("div", { class: "panel side", id: "side" }, this.wire.element, this.controls.element);
    at("table").append(this.side);
    setLanguage(remembered("language", ["en", "ar"]) ?? (navigator.language.startsWith("ar") ? "ar" : "en"));
    at("language").addEventListener("click", () => this.speak(currentLanguage() === "en" ? "ar" : "en"));
    this.theme = remembered("theme", THEMES) ?? "auto";
    at("theme").addEventListener("click", () => this.colour(THEMES[(THEMES.indexOf(this.theme) + 1) % THEMES.length]));
    addEventListener("resize", () => this.readAll());
    document.addEventListener("visibilitychange", () => this.readAll());
    this.colour(this.theme);
    this.relabel();
    setInterval(() => this.tick(), 1000);
    this.listen();
  }

  // -- what the parts ask of the page ---------------------------------------------------------------------------

  /** The simulator's time. */
  now() {
    return new Date(Date.now() + this.ahead);
  }

  suggestions() {
    return this.suggested[currentLanguage()];
  }

  /** Whether it has happened since the page came, by the simulator's time. */
  isNews(instant) {
    return this.began !== undefined && new Date(instant) >= this.began;
  }

  alert(words) {
    put(at("alert"), words);
    at("alert").hidden = words === "";
  }

  // -- language, colours, tabs ------------------------------------------------------------------------------------

  speak(language) {
    setLanguage(language);
    localStorage.setItem("language", language);
    this.relabel();
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
    document.title = `aof: ${say("title")}`;
    for (const element of document.querySelectorAll("[data-word]")) element.textContent = say(element.dataset.word);
    at("language").textContent = say("other_language");
    at("language").lang = language === "en" ? "ar" : "en";
    at("theme").textContent = say(`theme_${this.theme}`);
    this.wire.relabel();
    this.controls.relabel();
    for (const phone of this.phones.values()) phone.relabel();
    this.tabs();
    this.showLive();
    if (this.webhooks) this.wire.update(this.webhooks);
  }

  tabs() {
    const unread = (phone) => (phone.id === this.shownTab ? 0 : phone.state.unread);
    const entries = [...[...this.phones.values()].map((phone) => [phone.id, phone.state.name, unread(phone)]), ["side", say("wire"), 0]];
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
    for (const phone of this.phones.values()) phone.read();
  }

  tick() {
    this.controls.tick();
    for (const phone of this.phones.values()) phone.tick();
  }

  showLive() {
    at("live").textContent = say(this.connected ? "live" : "reconnecting");
    at("live").classList.toggle("on", this.connected);
  }

  // -- the stream -----------------------------------------------------------------------------------------------------

  listen() {
    const events = new EventSource("/_sim/events");
    const connected = (is) => {
      this.connected = is;
      this.showLive();
    };
    events.addEventListener("open", () => connected(true));
    events.addEventListener("error", () => connected(false));
    events.addEventListener("anew", () => this.clear());
    events.addEventListener("state", (event) => this.onState(JSON.parse(event.data)));
    events.addEventListener("message", (event) => {
      const message = JSON.parse(event.data);
      this.phones.get(message.number)?.show(message);
    });
    events.addEventListener("exchange", (event) => this.onExchange(JSON.parse(event.data)));
  }

  clear() {
    this.began = undefined;
    this.wire.clear();
    for (const phone of this.phones.values()) phone.clear();
  }

  onState(state) {
    this.ahead = new Date(state.clock.now) - Date.now();
    this.webhooks = state.webhooks;
    this.suggested = state.suggestions;
    this.began ??= new Date(state.clock.now);
    for (const [number, phone] of this.phones) if (!state.phones.some((known) => known.number === number)) this.take(number, phone);
    for (const phone of state.phones) {
      if (this.phones.has(phone.number)) this.phones.get(phone.number).update(phone);
      else this.place(phone);
    }
    this.wire.update(state.webhooks);
    this.controls.update(state.faults, state.clock);
    this.tabs();
    this.tick();
  }

  place(state) {
    const phone = new PhonePanel(state, this);
    this.phones.set(state.number, phone);
    this.side.before(phone.element);
    if (this.phones.size === 1) {
      this.tab(phone.id);
      this.wire.relabel();
    } else {
      phone.element.classList.add("aside");
    }
  }

  /** Another run of the simulator may have other phones. */
  take(number, phone) {
    phone.element.remove();
    this.phones.delete(number);
    if (this.shownTab === phone.id) this.tab("side");
  }

  onExchange(exchange) {
    const before = this.wire.exchanges.get(exchange.seq);
    this.wire.show(exchange);
    if (exchange.kind !== "request" || !isRefusal(exchange) || (before && isRefusal(before))) return;
    const to = String(exchange.body?.to ?? "").replace(/\D/gu, "");
    const phone = [...this.phones.values()].find(
      (candidate) => candidate.number.replace(/\D/gu, "") === to || (exchange.body?.recipient && candidate.state.user_id === exchange.body.recipient),
    );
    phone?.showRefusal(textOf(exchange.body), refusalText(exchange), exchange.field, exchange.at);
  }
}

/** A refused body may hold anything. */
function textOf(body) {
  const texts = [body.text?.body, body.interactive?.body?.text, body.template?.name];
  return texts.find((text) => typeof text === "string") ?? "";
}

function remembered(name, allowed) {
  const found = localStorage.getItem(name);
  return allowed.includes(found) ? found : undefined;
}

new Page();
