/** A list that grows at its end: it follows while its end is in view, keeps its place otherwise, and counts what came. */

import { el } from "./dom.js";
import { say } from "./words.js";

const NEAR = 48;

export class Following {
  /**
   * @param {HTMLElement} list a scrolling element
   * @param {HTMLElement} content what grows in it
   * @param {HTMLElement} frame gets the button that leads to the end
   */
  constructor(list, content, frame) {
    this.list = list;
    this.missed = 0;
    this.pill = el("button", { class: "pill", type: "button", hidden: true, on: { click: () => this.toEnd() } });
    frame.append(this.pill);
    list.addEventListener("scroll", () => {
      this.following = this.atEnd();
      if (this.following) this.seen();
    });
    this.following = true;
    // the list may become lower, or be shown for the first time
    const resized = new ResizeObserver(() => this.following && this.toEnd());
    resized.observe(list);
    resized.observe(content);
  }

  atEnd() {
    return this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight <= NEAR;
  }

  /** Call `change` and stay where the reader is; `added` entries are new at the end. */
  keep(change, added) {
    change();
    if (this.following) this.toEnd();
    else if (added) {
      this.missed += added;
      this.relabel();
    }
  }

  relabel() {
    this.pill.hidden = this.missed === 0;
    this.pill.textContent = say("new_below", this.missed);
  }

  toEnd() {
    this.list.scrollTop = this.list.scrollHeight;
    this.seen();
  }

  seen() {
    this.following = true;
    this.missed = 0;
    this.pill.hidden = true;
  }
}
