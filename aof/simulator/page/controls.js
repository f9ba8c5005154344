/** Switches for one simulator's faults, and its clock. */

import { el } from "./dom.js";
import { codeWords, faultWords, say, timeOfDay, wholeTime } from "./words.js";

/** What a switch asks for where `true` is not enough. */
const AMOUNTS = { whatsapp: { slow_seconds: 5, duplicate: 1, batch: 3 }, telegram: { 429: 5, slow_seconds: 5, duplicate: 1 } };
const JUMPS = { minute: 60, hour: 3600, day: 25 * 3600 };

export class Controls {
  /** @param {Object} source `ask(method, path, body)`, `now()`, `platform`, `page.alert(words)`, `page.platforms()` */
  constructor(source) {
    this.source = source;
    this.faults = {};
    this.asked = Promise.resolve();
    this.canAdvance = true;
    this.element = el("section", { class: "faults" });
    this.time = el("time", { class: "now" });
    this.on = el("ul");
  }

  relabel() {
    const { platform } = this.source;
    this.switches = new Map();
    for (const [name, [label, meaning]] of Object.entries(faultWords(platform))) {
      const button = el("button", { class: "chip", type: "button", title: meaning, "aria-pressed": "false", on: { click: () => this.toggle(name) } }, label);
      button.setAttribute("aria-description", meaning);
      this.switches.set(name, button);
    }
    const kept = this.code?.value ?? "131047";
    this.code = el("input", { id: "code", inputMode: "numeric", pattern: "[0-9]+", size: 7, value: kept, dir: "ltr", title: say("code_hint") });
    const coded = platform === "whatsapp" ? ["error", "fail_later"] : [];
    this.byCode = new Map(coded.map((name) => [name, this.codeSwitch(name)]));
    this.jumps = Object.entries(JUMPS).map(([name, seconds]) =>
      el("button", { class: "chip", type: "button", on: { click: () => this.advance(seconds) } }, el("bdi", {}, say(name))),
    );
    const both = this.source.page.platforms() === "both";
    const heading = both ? `${say("faults")}: ${say("platform")[platform]}` : say("faults");
    this.element.setAttribute("aria-label", `${heading}, ${say("clock")}`);
    this.element.replaceChildren(
      el("h3", {}, heading),
      el("p", { class: "soft" }, say("faults_hint")),
      el("div", { class: "chips" }, ...this.switches.values()),
      ...(coded.length > 0 ? [el("div", { class: "chips" }, el("label", { for: "code" }, say("code")), this.code, ...this.byCode.values())] : []),
      el("div", { class: "faults-on", role: "status" }, this.on),
      ...(this.source.page.sources[0] === this.source ? this.clock() : []),
    );
    this.press();
    this.tick();
  }

  /** Simulators on one page have one clock. */
  clock() {
    const jumps = this.canAdvance ? this.jumps : [el("span", { class: "soft" }, say("clock_fixed"))];
    return [el("h3", {}, `${say("clock")} `, this.time), el("div", { class: "chips" }, ...jumps)];
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
    const words = Object.entries(this.faults).map(([name, value]) => meaning(this.source.platform, name, value));
    if (words.join("\n") === [...this.on.children].map((item) => item.textContent).join("\n")) return;
    this.on.replaceChildren(...words.map((text) => el("li", {}, text)));
  }

  tick() {
    const now = this.source.now();
    this.time.textContent = timeOfDay(now);
    this.time.dateTime = now.toISOString();
    this.time.title = wholeTime(now);
  }

  async toggle(name, amount) {
    // one after the other: each switch sets all of them
    this.asked = this.asked.then(() =>
      this.attempt(async () => {
        const { [name]: on, ...others } = this.faults;
        const wanted = on === undefined ? { ...others, [name]: amount ?? AMOUNTS[this.source.platform][name] ?? true } : others;
        this.faults = await this.source.ask("PUT", "/faults", wanted);
        this.press();
      }),
    );
    await this.asked;
  }

  async advance(seconds) {
    await this.attempt(() => this.source.ask("POST", "/clock/advance", { seconds }));
  }

  async attempt(act) {
    try {
      await act();
      this.source.page.alert("");
    } catch (refused) {
      this.source.page.alert(refused.message);
    }
  }
}

/** What a fault that is on does, and how often still. */
function meaning(platform, name, value) {
  const { times, code } = typeof value === "object" ? value : { code: value, times: typeof value === "number" && !(name in AMOUNTS[platform]) ? value : undefined };
  if (name === "error" || name === "fail_later") return codeWords(name, code) + (typeof value === "object" && times ? ` (×${times})` : "");
  const words = faultWords(platform)[name]?.[1] ?? name;
  return times ? `${words} (×${times})` : words;
}
