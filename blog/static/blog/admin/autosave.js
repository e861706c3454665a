// Nothing that is written is lost: at once to this computer, every few seconds to the
// server, and offered again when the page is opened anew.
import { Drafts, tidy } from "./unsaved/drafts.js";
import { areSame, isFrozen, valuesOf } from "./unsaved/form_values.js";
import { guardLeaving } from "./unsaved/leaving.js";
import { Offers } from "./unsaved/offers.js";
import { send } from "./unsaved/sending.js";
import { Status } from "./unsaved/status.js";
import { takeAddress } from "./unsaved/new_post.js";

const HERE_MS = 300;
const SERVER_MS = 4000;
const MAX_SERVER_MS = 60_000;
// Of a very long text, keeping takes longer: at most a twentieth of the time goes to it.
const HERE_SHARE = 20;
const CHOOSE =
  gettext("The server keeps this as soon as you have chosen above what becomes of the other draft.");

const box = document.querySelector(".unsaved");
const form = box && document.querySelector(".write #content-main > form[id]");

class Autosave {
  constructor() {
    this.url = box.dataset.url;
    this.drafts = new Drafts(box.dataset.user);
    form.elements.window.value = this.drafts.window;
    this.status = new Status(
      document.querySelector(".save-status"), document.querySelector(".save-voice"));
    this.offers = new Offers(box, form, this.drafts, this);
    this.last = valuesOf(form);
    // What differs from what is stored from the beginning: restored, or sent back.
    this.isDirty = box.hasAttribute("data-unsaved");
    this.version = Number(this.isDirty);
    this.sentVersion = 0;
    this.failures = 0;
    this.hereMs = HERE_MS;
  }

  start() {
    tidy();
    if (this.isDirty) this.status.keptHere(this.drafts.keep(this.last));
    this.offers.look(this.last).then(() => this.isDirty && this.later());
    for (const type of ["input", "change"]) form.addEventListener(type, () => this.changed());
    addEventListener("pagehide", () => this.keepHere());
    addEventListener("online", () => this.flush());
    document.addEventListener("quillback:lock", () => this.isDirty && this.later());
    document.addEventListener("visibilitychange", () => {
      this.keepHere();
      if (this.version > this.sentVersion) this.flush();
    });
  }

  changed() {
    this.hereTimer ??= setTimeout(() => this.keepHere(), this.hereMs);
    this.later();
  }

  // Keep what is new. Whether something is unsaved, whatever keeps it meanwhile.
  keepHere() {
    clearTimeout(this.hereTimer);
    this.hereTimer = null;
    const began = performance.now();
    const values = valuesOf(form);
    // Events without a change are no reason to keep anything.
    if (!areSame(values, this.last)) {
      this.last = values;
      this.version += 1;
      this.isDirty = true;
      this.status.keptHere(this.drafts.keep(values));
    }
    this.hereMs = Math.max(HERE_MS, HERE_SHARE * (performance.now() - began));
    return this.isDirty;
  }

  later() {
    const wait = Math.min(SERVER_MS * 2 ** this.failures, MAX_SERVER_MS);
    this.serverTimer ??= setTimeout(() => this.flush(), wait);
  }

  // Send what is not sent yet. Resolves with the server's last answer, or null.
  async flush() {
    clearTimeout(this.serverTimer);
    this.serverTimer = null;
    this.keepHere();
    if (this.underWay) {
      await this.underWay;
      if (this.failures) return null;
    }
    if (!this.isDirty || this.isLeaving || isFrozen(form)) return this.answer ?? null;
    if (this.offers.isWaiting) {
      this.status.troubled(CHOOSE);
      return null;
    }
    if (this.version > this.sentVersion) {
      this.underWay = this.sendNow();
      await this.underWay;
      this.underWay = null;
    }
    return this.failures ? null : this.answer;
  }

  async sendNow() {
    const version = this.version;
    this.abort = new AbortController();
    const { state, sentence, answer } = await send(this.url, form, this.abort.signal);
    if (this.isLeaving) return;
    if (state === "kept") {
      this.failures = 0;
      this.kept(version, answer);
    } else {
      this.failures += 1;
      this.status.troubled(sentence);
    }
    if (this.version > this.sentVersion) this.later();
  }

  kept(version, answer) {
    this.answer = answer;
    this.sentVersion = version;
    form.elements.copy_at.value = answer.copy_at;
    if (version === this.version) this.drafts.sent(answer.copy_at);
    this.status.keptThere(Date.now());
    if (box.hasAttribute("data-new")) takeAddress(answer.key);
  }

  // What was offered is chosen: nothing stands in the way of the server any more.
  chosen() {
    this.status.troubled("");
    this.flush();
  }

  leave() {
    this.keepHere();
    this.isLeaving = true;
    this.abort?.abort();
    clearTimeout(this.serverTimer);
    this.serverTimer = null;
  }

  stay() {
    this.isLeaving = false;
    if (this.isDirty) this.later();
  }
}

const autosave = form && new Autosave();
autosave?.start();
if (autosave) guardLeaving(form, autosave);

export const flush = () => autosave?.flush() ?? Promise.resolve(null);
