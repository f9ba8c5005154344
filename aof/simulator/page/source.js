/** One simulator that this page follows: its stream of events, and its control API (docs/reference/simulator-api.md). */

import { Controls } from "./controls.js";
import { PhonePanel } from "./phone.js";
import { TelegramPanel } from "./telegram-phone.js";
import { say } from "./words.js";

const PANELS = { whatsapp: PhonePanel, telegram: TelegramPanel };

export class Source {
  /**
   * @param {string} base where its control API is, e.g. `/_sim`
   * @param {Object} page `alert(words)`, `place(phone)`, `take(phone)`, `changed(source)`, `exchange(exchange, source)`,
   *   `clear(source)`, `join(base)`
   */
  constructor(base, page) {
    this.base = base;
    this.page = page;
    this.platform = undefined;
    this.phones = new Map();
    this.connected = false;
    this.ahead = 0;
    this.began = undefined;
    this.webhooks = undefined;
    this.suggested = { en: ["hello"], ar: ["مرحبا"] };
    this.controls = new Controls(this);
    this.listen();
  }

  /**
   * @returns {Promise<Object>} what it answered
   * @throws {Error} with the words of the refusal
   */
  async ask(method, path, body) {
    let response;
    try {
      response = await fetch(`${this.base}${path}`, {
        method,
        headers: body === undefined ? {} : { "Content-Type": "application/json" },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
    } catch {
      throw new Error(say("no_simulator"));
    }
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.error);
    return answer;
  }

  /** Its time. */
  now() {
    return new Date(Date.now() + this.ahead);
  }

  /** Whether it has happened since the page came, by its time. */
  isNews(instant) {
    return this.began !== undefined && new Date(instant) >= this.began;
  }

  relabel() {
    this.controls.relabel();
    for (const phone of this.phones.values()) phone.relabel();
  }

  tick() {
    this.controls.tick();
    for (const phone of this.phones.values()) phone.tick();
  }

  // -- the stream -----------------------------------------------------------------------------------------------------

  listen() {
    const events = new EventSource(`${this.base}/events`);
    const connected = (is) => {
      this.connected = is;
      this.page.changed(this);
    };
    events.addEventListener("open", () => connected(true));
    events.addEventListener("error", () => connected(false));
    events.addEventListener("anew", () => this.clear());
    events.addEventListener("state", (event) => this.onState(JSON.parse(event.data)));
    events.addEventListener("message", (event) => {
      const message = JSON.parse(event.data);
      this.phones.get(message.number)?.show(message);
    });
    events.addEventListener("exchange", (event) => this.page.exchange(JSON.parse(event.data), this));
  }

  clear() {
    this.began = undefined;
    this.page.clear(this);
    for (const phone of this.phones.values()) phone.clear();
  }

  onState(state) {
    this.ahead = new Date(state.clock.now) - Date.now();
    this.webhooks = state.webhooks;
    this.suggested = state.suggestions;
    this.chats = state.chats ?? [];
    this.bot = state.bot;
    this.began ??= new Date(state.clock.now);
    if (this.platform !== state.platform) {
      this.platform = state.platform;
      this.controls.relabel();
    }
    // another run of the simulator may have other phones
    for (const [number, phone] of this.phones) {
      if (state.phones.some((known) => known.number === number)) continue;
      this.phones.delete(number);
      this.page.take(phone);
    }
    for (const known of state.phones) {
      const phone = this.phones.get(known.number);
      if (phone) phone.update(known);
      else this.place(known);
    }
    for (const base of state.beside ?? []) this.page.join(base);
    this.controls.update(state.faults, state.clock);
    this.page.changed(this);
    this.tick();
  }

  place(state) {
    const phone = new PANELS[this.platform](state, this, this.page);
    this.phones.set(state.number, phone);
    this.page.place(phone);
  }
}
