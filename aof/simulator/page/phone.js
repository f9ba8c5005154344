/** One phone: its head with the window and the switch, its messages, and the line to type on. */

import { bubble, note } from "./bubble.js";
import { called } from "./carried.js";
import { el, foreign, put, visible } from "./dom.js";
import { Following } from "./follow.js";
import { openSheet } from "./sheet.js";
import { currentLanguage, say } from "./words.js";

const MOST_SHOWN = 500;
const MOST_SPOKEN = 3;
const SPOKEN_MILLISECONDS = 5_000;

export class PhonePanel {
  /**
   * @param {Object} state the phone as the control API shows it
   * @param {Object} source `ask(method, path, body)`, `now()`, `suggested`, `isNews(instant)`, `chats`, `platform`
   * @param {Object} page `alert(words)`, `platforms()`
   */
  constructor(state, source, page) {
    this.source = source;
    this.number = state.number;
    this.id = `phone-${state.number.replace("+", "")}`;
    this.page = page;
    this.messages = new Map();
    this.forgotten = undefined;
    this.state = state;
    this.reading = false;

    this.name = el("h2", {}, foreign("bdi", state.name));
    this.window = el("p", { class: "window" });
    this.power = el("button", { class: "plain power", type: "button", on: { click: () => this.switchPower() } });
    this.list = el("ol", { class: "messages" });
    this.log = el("div", { class: "log", role: "group", tabIndex: 0 }, this.list);
    // the list is drawn anew with every tick and language: what is news is read out from here
    this.spoken = el("div", { class: "hidden", role: "log" });
    this.typing = el("p", { class: "typing soft", role: "status" });
    this.first = el("div", { class: "first" });
    this.input = el("textarea", { rows: 1, dir: "auto", id: `${this.id}-input`, on: { keydown: (event) => this.onKey(event), input: () => this.grow() } });
    this.label = el("label", { class: "hidden", for: this.input.id });
    this.submit = el("button", { class: "send", type: "submit" });
    this.form = el("form", { class: "composer", on: { submit: (event) => this.onSubmit(event) } }, this.label, this.input, this.submit);
    this.body = el("div", { class: "screen" }, this.log, this.first);
    this.contact = el("p", { class: "soft" });
    this.head = el("header", {}, el("div", { class: "who" }, this.name, this.contact), el("div", { class: "switches" }, this.power), this.window);
    this.element = el(
      "section",
      { class: "panel phone", id: this.id },
      this.head,
      this.body,
      this.spoken,
      this.typing,
      this.form,
    );
    this.following = new Following(this.log, this.list, this.body);
    this.log.addEventListener("scroll", () => this.read());
    this.furnish();
    this.relabel();
  }

  /** What a platform has besides. */
  furnish() {}

  /** Whom one writes to. */
  get address() {
    return this.number;
  }

  get platformName() {
    return this.page.platforms() === "both" ? say("platform")[this.source.platform] : "";
  }

  /** Its person, with the platform where there are several. */
  get called() {
    return [visible(this.state.name), this.platformName].filter(Boolean).join(", ");
  }

  relabel() {
    this.contact.replaceChildren(...(this.platformName ? [`${this.platformName} · `] : []), el("bdi", { dir: "ltr" }, visible(this.address)));
    this.element.setAttribute("aria-label", say("phone", this.called));
    this.log.setAttribute("aria-label", say("messages_of", this.called));
    this.label.textContent = say("write_on", this.called);
    this.submit.textContent = "➤";
    this.submit.setAttribute("aria-label", say("send"));
    this.following.relabel();
    this.list.replaceChildren(...[...this.list.children].map((item) => this.redrawn(item)));
    this.suggest();
    this.update(this.state);
  }

  redrawn(item) {
    const message = this.messages.get(item.dataset.id);
    return message ? this.drawn(message) : (item.redraw?.() ?? item);
  }

  find(id) {
    return this.messages.get(id);
  }

  // -- what the simulator tells -------------------------------------------------------------------------------------

  update(state) {
    this.state = state;
    this.power.textContent = say(state.on ? "is_on" : "is_off");
    this.power.setAttribute("aria-pressed", String(state.on));
    this.power.setAttribute("aria-label", `${say("power_of", this.called)}: ${this.power.textContent}`);
    this.input.disabled = this.submit.disabled = !this.canWrite;
    this.input.placeholder = this.hint;
    this.tick();
    this.showHeld(state.held);
    this.read();
  }

  get canWrite() {
    return this.state.on;
  }

  /** What stands where one types. */
  get hint() {
    return say(this.state.on ? "type_here" : "off");
  }

  /** What its person has to know about this conversation now, and whether that is bad. */
  get standing() {
    const closes = this.state.window_closes_at;
    const left = closes ? (new Date(closes) - this.source.now()) / 60_000 : 0;
    return [!closes ? say("window_never") : left <= 0 ? say("window_closed") : say("window_open", remaining(left)), left <= 0];
  }

  get typingUntil() {
    return this.state.typing_until;
  }

  /** What changes with the clock alone. */
  tick() {
    const { waiting } = this.state;
    const [words, isBad] = this.standing;
    const told = [words, waiting > 0 ? say("waits", waiting) : ""].filter(Boolean).join(" · ");
    put(this.window, told);
    this.window.hidden = told === "";
    this.window.classList.toggle("closed", isBad);
    const isTyping = this.typingUntil !== null && new Date(this.typingUntil) > this.source.now();
    put(this.typing, isTyping ? say("typing") : "");
  }

  /** A message is new or has changed. */
  show(message) {
    const before = this.messages.has(message.id);
    // of what is older than the page shows, a change is no news
    this.forgotten ??= message.seq - 1;
    if (!before && message.seq <= this.forgotten) return;
    // a phone shows a reaction on the message that it is about
    if (message.type === "reaction" && message.status !== "failed") return;
    this.messages.set(message.id, message);
    const item = this.drawn(message);
    if (before) {
      const old = this.item(message.id);
      const focused = [...(old?.querySelectorAll("button") ?? [])].indexOf(document.activeElement);
      this.following.keep(() => old?.replaceWith(item), 0);
      if (focused >= 0) item.querySelectorAll("button")[focused]?.focus();
    } else {
      this.append(item);
      if (message.direction !== "out") this.speak(message.at, message.status === "failed" ? say("not_delivered") : `${this.author(message)}:`, textOf(message));
    }
    this.read();
  }

  /** A send to this phone that the platform refused. */
  showRefusal(text, said, field, at) {
    const make = () => note("refused", "✕", say("refused"), text, said, field, at);
    const item = make();
    item.redraw = () => Object.assign(make(), { redraw: item.redraw });
    this.append(item);
    this.speak(at, say("refused"), text, said);
  }

  /** Who wrote it. */
  author(message) {
    return say(message.direction);
  }

  /** Whether a request of the daemon was about this phone. */
  isAddressed({ body }) {
    const to = String(body?.to ?? "").replace(/\D/gu, "");
    return this.number.replace(/\D/gu, "") === to || Boolean(body?.recipient && this.state.user_id === body.recipient);
  }

  /** Read out what has happened since the page came. */
  speak(at, ...words) {
    if (this.silent || !this.source.isNews(at) || this.spoken.childElementCount >= MOST_SPOKEN) return;
    const line = el("p", {}, visible(words.filter(Boolean).join(" ")));
    this.spoken.append(line);
    setTimeout(() => line.remove(), SPOKEN_MILLISECONDS);
  }

  showHeld(held) {
    const known = JSON.stringify([held, say("held")]);
    if (known === this.heldKnown) return;
    this.heldKnown = known;
    this.following.keep(() => {
      for (const old of this.list.querySelectorAll(".held")) old.remove();
      this.list.append(...held.map((part) => note("held", "⏸", say("held"), part.text, part.reason, undefined, undefined)));
    }, 0);
    this.first.hidden = this.list.childElementCount > 0;
  }

  append(item) {
    const later = this.list.querySelector(".draft, .held");
    this.following.keep(() => {
      this.list.insertBefore(item, later);
      while (this.list.childElementCount > MOST_SHOWN) this.forget(this.list.firstElementChild);
    }, 1);
    this.first.hidden = true;
  }

  forget(item) {
    const message = this.messages.get(item.dataset.id);
    if (message) {
      this.forgotten = Math.max(this.forgotten, message.seq);
      this.messages.delete(message.id);
    }
    item.remove();
  }

  /** The simulator was started anew. */
  clear() {
    this.messages.clear();
    this.forgotten = undefined;
    this.list.replaceChildren();
    this.heldKnown = undefined;
    this.first.hidden = false;
    this.following.seen();
  }

  // -- what its person does -----------------------------------------------------------------------------------------

  /** What its person can do, by the control API. */
  act(verb, body) {
    return this.source.ask("POST", `/phones/${encodeURIComponent(this.number)}/${verb}`, body);
  }

  async press(message, id) {
    await this.attempt(() => this.act("press", { message_id: message.id, action_id: id }));
  }

  openList(message) {
    const opener = () => this.item(message.id)?.querySelector("[aria-haspopup]") ?? this.input;
    const list = { title: message.button_label, sections: message.content.interactive?.action?.sections ?? [] };
    openSheet(this.element, list, (id) => this.press(message, id), opener);
  }

  async switchPower() {
    await this.attempt(() => this.act("power", { on: !this.state.on }));
  }

  /** Who looks at a phone has read what it shows. */
  async read() {
    const looks = document.visibilityState === "visible" && this.element.checkVisibility() && this.following.atEnd();
    if (!looks || this.reading || this.state.unread === 0 || !this.state.on) return;
    this.reading = true;
    try {
      await this.act("read");
    } catch {
      // the next message tries again; the page says elsewhere that the simulator is gone
    } finally {
      this.reading = false;
    }
  }

  /** The chat that is open, where there are several. */
  where() {
    return {};
  }

  async write(text) {
    return this.attempt(() => this.act("messages", { text, ...this.where() }));
  }

  async onSubmit(event) {
    event.preventDefault();
    const text = this.input.value;
    if (text.trim() === "" || this.sending) return;
    this.sending = true;
    this.following.toEnd();
    if ((await this.write(text)) && this.input.value === text) {
      this.input.value = "";
      this.grow();
    }
    this.sending = false;
  }

  onKey(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.form.requestSubmit();
  }

  async attempt(act) {
    try {
      await act();
      this.page.alert("");
      return true;
    } catch (refused) {
      this.page.alert(refused.message);
      return false;
    }
  }

  // -- drawing ------------------------------------------------------------------------------------------------------

  drawn(message) {
    const item = bubble(message, this);
    item.dataset.id = message.id;
    return item;
  }

  item(id) {
    return [...this.list.children].find((child) => child.dataset.id === id);
  }

  grow() {
    this.input.rows = Math.min(5, this.input.value.split("\n").length);
  }

  get suggested() {
    return this.source.suggested[currentLanguage()];
  }

  suggest() {
    const buttons = this.suggested.map((text) => foreign("button", text, { class: "chip", type: "button", on: { click: () => this.write(text) } }));
    this.first.replaceChildren(el("p", { class: "soft" }, say("try_first")), el("div", { class: "chips" }, ...buttons));
  }
}

function textOf(message) {
  return [message.header, message.text || called(message)].filter(Boolean).join(" ");
}

function remaining(minutes) {
  const whole = Math.floor(minutes);
  return whole >= 60 ? say("hours", Math.floor(whole / 60), whole % 60) : say("minutes", whole);
}
