/** One person's Telegram: their chat with the bot, and the groups that both are in. */

import { el, foreign, put, visible } from "./dom.js";
import { PhonePanel } from "./phone.js";
import { openSheet } from "./sheet.js";
import { draftBubble, telegramBubble } from "./telegram-bubble.js";
import { say } from "./words.js";

const MOST_KEPT = 2000;
const NOTICE_MILLISECONDS = 8_000;

export class TelegramPanel extends PhonePanel {
  furnish() {
    this.all = new Map();
    this.news = new Set();
    this.place = { chat: this.number, thread: "", group: false };
    this.blocking = el("button", { class: "plain", type: "button", on: { click: () => this.switchBlock() } });
    this.power.before(this.blocking);
    this.chats = el("nav", { class: "chats" });
    this.head.append(this.chats);
    this.menu = el("button", { class: "plain menu", type: "button", "aria-haspopup": "dialog", on: { click: () => this.openMenu() } }, "/");
    this.form.prepend(this.menu);
    this.notice = el("p", { class: "notice", role: "status", hidden: true });
    this.body.append(this.notice);
  }

  get address() {
    return this.state.username ? `@${this.state.username}` : this.number;
  }

  relabel() {
    this.menu.setAttribute("aria-label", say("menu_of", this.called));
    this.menu.title = say("menu");
    this.chats.setAttribute("aria-label", say("chats_of", this.called));
    this.draftsKnown = this.placesKnown = undefined;
    super.relabel();
  }

  // -- what the simulator tells -------------------------------------------------------------------------------------

  update(state) {
    super.update(state);
    put(this.blocking, say(state.blocked ? "unblock" : "block"));
    this.blocking.setAttribute("aria-pressed", String(state.blocked));
    this.menu.hidden = !state.menu?.length;
    this.showPlaces();
    this.showDrafts();
  }

  get canWrite() {
    return this.state.on && !this.state.blocked;
  }

  get hint() {
    if (this.state.blocked) return say("blocked_hint");
    return this.place.group && this.state.on ? `@${this.source.bot.username} …` : super.hint;
  }

  /** In a group the bot is spoken to by its name, or with a command. */
  get suggested() {
    const { group } = this.place;
    return super.suggested.map((text) => (group && !text.startsWith("/") ? `@${this.source.bot.username} ${text}` : text));
  }

  get standing() {
    return this.state.blocked ? [say("blocked"), true] : this.state.started ? ["", false] : [say("not_started"), true];
  }

  get typingUntil() {
    const { group, chat } = this.place;
    return group ? (this.source.chats.find((known) => String(known.id) === chat)?.typing_until ?? null) : this.state.typing_until;
  }

  tick() {
    super.tick();
    const { notice } = this.state;
    const isNew = Boolean(notice?.text) && this.source.now() - new Date(notice.at) < NOTICE_MILLISECONDS;
    this.notice.hidden = !isNew;
    put(this.notice, isNew ? visible(notice.text) : "");
    this.notice.classList.toggle("alerting", isNew && notice.alert);
  }

  show(message) {
    if (message.deleted) {
      for (const known of [this.all, this.messages]) known.delete(message.id);
      this.following.keep(() => this.item(message.id)?.remove(), 0);
      return;
    }
    const isNew = !this.all.has(message.id);
    this.all.set(message.id, message);
    if (this.all.size > MOST_KEPT) this.all.delete(this.all.keys().next().value);
    if (keyOf(placeOf(message, this.number)) === keyOf(this.place)) super.show(message);
    else if (isNew && message.direction !== "out" && this.source.isNews(message.at)) {
      this.news.add(keyOf(placeOf(message, this.number)));
      this.showPlaces();
    }
  }

  clear() {
    this.all.clear();
    this.news.clear();
    this.draftsKnown = undefined;
    super.clear();
  }

  author(message) {
    return message.direction === "in" ? say("from_bot") : message.direction === "out" ? say("out") : visible(this.nameOf(message));
  }

  nameOf(message) {
    return String(message.from?.name ?? "?");
  }

  isAddressed(exchange) {
    return /\/send\w+$/u.test(exchange.url) && String(exchange.body?.chat_id) === this.number;
  }

  // -- chats and topics ---------------------------------------------------------------------------------------------

  places() {
    const mine = this.source.chats.filter((chat) => chat.members.some((member) => String(member.id) === this.number) && chat.moved_to === null);
    const groups = mine.flatMap((chat) => {
      const place = (thread, name) => ({ chat: String(chat.id), thread, group: true, name });
      const topics = chat.is_forum ? chat.topics.map((topic) => place(String(topic.id), `${chat.title} › ${topic.name}`)) : [];
      return [place("", chat.title), ...topics];
    });
    return [{ chat: this.number, thread: "", group: false, name: say("private_chat") }, ...groups];
  }

  showPlaces() {
    const places = this.places();
    const known = JSON.stringify([places, this.place, [...this.news]]);
    if (known === this.placesKnown) return;
    this.placesKnown = known;
    this.chats.hidden = places.length < 2;
    const focused = [...this.chats.children].indexOf(document.activeElement);
    this.chats.replaceChildren(...places.map((place) => this.placeButton(place)));
    if (focused >= 0) this.chats.children[focused]?.focus();
    if (!places.some((place) => keyOf(place) === keyOf(this.place))) this.goTo(places[0]);
  }

  placeButton(place) {
    const isHere = keyOf(place) === keyOf(this.place);
    const hasNews = this.news.has(keyOf(place));
    return el(
      "button",
      { class: "plain", type: "button", "aria-current": String(isHere), on: { click: () => this.goTo(place) } },
      foreign("span", place.name),
      hasNews ? el("span", { class: "count", "aria-label": say("news") }, "●") : null,
    );
  }

  goTo({ chat, thread, group }) {
    this.place = { chat, thread, group };
    this.news.delete(keyOf(this.place));
    this.messages.clear();
    this.forgotten = this.heldKnown = this.draftsKnown = undefined;
    this.list.replaceChildren();
    this.suggest();
    this.first.hidden = false;
    this.silent = true;
    for (const message of [...this.all.values()].sort((one, other) => one.seq - other.seq)) if (keyOf(placeOf(message, this.number)) === keyOf(this.place)) super.show(message);
    this.silent = false;
    this.update(this.state);
    this.following.toEnd();
  }

  where() {
    if (!this.place.group) return {};
    return { chat_id: this.place.chat, ...(this.place.thread ? { thread: this.place.thread } : {}) };
  }

  // -- drafts -------------------------------------------------------------------------------------------------------

  showDrafts() {
    const here = (this.state.drafts ?? []).filter((draft) => keyOf(placeOf(draft, this.number)) === keyOf(this.place));
    const known = JSON.stringify(here);
    if (known === this.draftsKnown) return;
    this.draftsKnown = known;
    this.following.keep(() => {
      const old = new Map([...this.list.querySelectorAll(".draft")].map((item) => [item.dataset.draft, item]));
      for (const draft of here) this.showDraft(draft, old.get(String(draft.draft_id)));
      for (const [id, item] of old) if (!here.some((draft) => String(draft.draft_id) === id)) item.remove();
    }, 0);
    this.first.hidden = this.list.childElementCount > 0;
  }

  /** The button that stops it stays the same one, under a finger or with the focus. */
  showDraft(draft, old) {
    const item = draftBubble(draft, say("from_bot"), ({ draft_id }) => this.attempt(() => this.act("stop", { draft_id })));
    const [before, after] = [old?.querySelector("button"), item.querySelector("button")];
    if (!old) this.list.insertBefore(item, this.list.querySelector(".held"));
    else if (Boolean(before) === Boolean(after) && before?.textContent === after?.textContent) old.querySelector(".bubble").replaceWith(item.querySelector(".bubble"));
    else old.replaceWith(item);
  }

  // -- what its person does -----------------------------------------------------------------------------------------

  async switchBlock() {
    await this.attempt(() => this.act("block", { blocked: !this.state.blocked }));
  }

  async copy(text) {
    await this.attempt(() => navigator.clipboard.writeText(text));
  }

  openMenu() {
    const rows = this.state.menu.map(({ command, description }) => ({ id: `/${command}`, title: `/${command}`, description }));
    openSheet(this.element, { title: say("menu"), sections: [{ title: "", rows }] }, (text) => this.write(text), () => this.menu);
  }

  drawn(message) {
    const item = telegramBubble(message, this);
    item.dataset.id = message.id;
    return item;
  }
}

/** Where a message or a draft stands; the topics of a private chat are one. */
function placeOf({ chat_id: chat, thread }, number) {
  return String(chat) === number ? { chat: number, thread: "" } : { chat: String(chat), thread: thread ?? "" };
}

function keyOf({ chat, thread }) {
  return `${chat} ${thread}`;
}
