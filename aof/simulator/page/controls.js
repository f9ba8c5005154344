/** Switches for faults, and the clock. */

import { ask } from "./api.js";
import { el } from "./dom.js";
import { codeWords, faultWords, say, timeOfDay, wholeTime } from "./words.js";

/** What a switch asks for where `true` is not enough. */
const AMOUNTS = { slow_seconds: 5, duplicate: 1, batch: 3 };
const JUMPS = { minute: 60, hour: 3600, day: 25 * 3600 };

export class Controls {
  /** @param {Object} page `alert(words)`, `now()` */
  constructor(page) {
    this.page = page;
    this.faults = {};
    this.asked = Promise.resolve();
    this.canAdvance = true;
    this.element = el("section", { class: "controls", id: "controls" });
    this.time = el("time", { class: "now" });
    this.on = el("ul");
  }

  relabel() {
    this.switches = new Map();
    for (const [name, [label, meaning]] of Object.entries(faultWords())) {
      const button = el("button", { class: "chip", type: "button", title: meaning, "aria-pressed": "false", on: { click: () => this.toggle(name) } }, label);
      button.setAttribute("aria-description", meaning);
      this.switches.set(name, button);
    }
    const kept = this.code?.value ?? "131047";
    this.code = el("input", { id: "code", inputMode: "numeric", pattern: "[0-9]+", size: 7, value: kept, dir: "ltr", title: say("code_hint") });
    this.byCode = new Map(["error", "fail_later"].map((name) => [name, this.codeSwitch(name)]));
    this.jumps = Object.entries(JUMPS).map(([name, seconds]) =>
      el("button", { class: "chip", type: "button", on: { click: () => this.advance(seconds) } }, el("bdi", {}, say(name))),
    );
    this.element.setAttribute("aria-label", `${say("faults")}, ${say("clock")}`);
    this.element.replaceChildren(
      el("h3", {}, say("faults")),
      el("p", { class: "soft" }, say("faults_hint")),
      el("div", { class: "chips" }, ...this.switches.values()),
      el("div", { class: "chips" }, el("label", { for: "code" }, say("code")), this.code, ...this.byCode.values()),
      el("div", { class: "faults-on", role: "status" }, this.on),
      el("h3", {}, `${say("clock")} `, this.time),
      el("div", { class: "chips" }, ...(this.canAdvance ? this.jumps : [el("span", { class: "soft" }, say("clock_fixed"))])),
    );
    this.press();
    this.tick();
  }

  codeSwitch(name) {
    return el(
      "button",
      { class: "chip", type: "button", "aria-pressed": "false", on: { click: () => this.toggle(name, Number(this.code.value)) } },
      say(name === "error" ? "refuse_sends" : "fail_later"),
    );
  }

  update(faults, clock) {
    this.faults = faults;
    if (this.canAdvance !== clock.can_advance) {
      this.canAdvance = clock.can_advance;
      this.relabel();
    }
    this.press();
  }

  press() {
    for (const [name, button] of [...this.switches, ...this.byCode]) button.setAttribute("aria-pressed", String(name in this.faults));
    const words = Object.entries(this.faults).map(([name, value]) => meaning(name, value));
    if (words.join("\n") === [...this.on.children].map((item) => item.textContent).join("\n")) return;
    this.on.replaceChildren(...words.map((text) => el("li", {}, text)));
  }

  tick() {
    const now = this.page.now();
    this.time.textContent = timeOfDay(now);
    this.time.dateTime = now.toISOString();
    this.time.title = wholeTime(now);
  }

  async toggle(name, amount) {
    // one after the other: each switch sets all of them
    this.asked = this.asked.then(() =>
      this.attempt(async () => {
        const { [name]: on, ...others } = this.faults;
        const wanted = on === undefined ? { ...others, [name]: amount ?? AMOUNTS[name] ?? true } : others;
        this.faults = await ask("PUT", "/faults", wanted);
        this.press();
      }),
    );
    await this.asked;
  }

  async advance(seconds) {
    await this.attempt(() => ask("POST", "/clock/advance", { seconds }));
  }

  async attempt(act) {
    try {
      await act();
      this.page.alert("");
    } catch (refused) {
      this.page.alert(refused.message);
    }
  }
}

/** What a fault that is on does, and how often still. */
function meaning(name, value) {
  const { times, code } = typeof value === "object" ? value : { code: value, times: typeof value === "number" && !(name in AMOUNTS) ? value : undefined };
  if (name === "error" || name === "fail_later") return codeWords(name, code) + (typeof value === "object" && times ? ` (×${times})` : "");
  const words = faultWords()[name]?.[1] ?? name;
  return times ? `${words} (×${times})` : words;
}
