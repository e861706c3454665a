// What was written and not saved, offered above the form. While an offer waits, nothing
// is sent: what the server keeps stays as it is until its writer has chosen.
import { areSame, openWith } from "./form_values.js";
import { token } from "./sending.js";
import { momentOf } from "./status.js";

const WENT_ON = gettext("It went on elsewhere meanwhile. Look at what differs before you forget it.");
const NOT_THERE = gettext("That did not reach the server. Try it again.");

const button = (label, act) => {
  const element = document.createElement("button");
  element.type = "button";
  element.textContent = label;
  element.addEventListener("click", act);
  return element;
};

export class Offers {
  constructor(box, form, drafts, autosave) {
    this.box = box;
    this.form = form;
    this.drafts = drafts;
    this.autosave = autosave;
    this.there = box.querySelector(".offer[data-at]");
    this.there?.querySelector("button")?.addEventListener("click", (event) => this.forgetThere(event));
  }

  get isWaiting() {
    return this.box.querySelector(".offer[data-at]:not([hidden])") !== null;
  }

  // Offer what closed windows left here, except what the form shows already.
  async look(values) {
    let left = [];
    try {
      left = await this.drafts.left();
    } catch {
      // No storage: nothing was left.
    }
    for (const draft of left) {
      const isThisCopy = draft.copyAt && draft.copyAt === this.box.dataset.shown;
      const isOfAnother = this.box.dataset.shown && draft.values.copy_key?.[0] !== values.copy_key?.[0];
      if (isOfAnother) continue;
      if (areSame(draft.values, values) || (isThisCopy && draft.isSent)) this.drafts.forget(draft);
      else this.offer(draft);
    }
    this.box.classList.toggle("has-offers", this.isWaiting);
  }

  offer(draft) {
    const line = document.createElement("p");
    line.className = "offer";
    line.dataset.at = draft.at;
    const title = draft.values.title?.[0]?.trim();
    const isNamed = title && title !== this.form.elements.title?.value.trim();
    const said = isNamed
      ? gettext("A newer draft, “%(title)s”, from %(moment)s is on this computer.")
      : gettext("A newer draft from %(moment)s is on this computer.");
    const verbs = document.createElement("span");
    verbs.className = "offer-verbs";
    verbs.append(
      button(gettext("Restore it"), () => this.restore(draft)),
      " ",
      button(gettext("Forget it"), () => this.forget(draft, line)),
    );
    line.append(`${interpolate(said, { title, moment: momentOf(draft.at) }, true)} `, verbs);
    this.box.append(line);
    // The server has an earlier state of the same: one offer is enough.
    if (this.isOnServerToo(draft)) this.there.hidden = true;
  }

  isOnServerToo(draft) {
    const there = this.there?.dataset;
    return Boolean(there && (there.window === draft.window || there.at === draft.copyAt));
  }

  restore(draft) {
    // Its window is no more, and this one leaves: what it wrote goes along.
    const values = { ...draft.values, copy_at: [draft.copyAt ?? ""] };
    this.autosave.leave();
    openWith(values, token());
  }

  async forget(draft, line) {
    if (this.isOnServerToo(draft) && !(await this.deleteThere())) return;
    this.drafts.forget(draft);
    this.done(line);
  }

  async forgetThere(event) {
    event.preventDefault();
    if (await this.deleteThere()) this.done(this.there);
  }

  async deleteThere() {
    const form = document.getElementById("forget-copy");
    const data = new FormData(form);
    data.set("csrfmiddlewaretoken", token());
    try {
      const response = await fetch(form.action, {
        method: "POST", body: data, redirect: "manual", headers: { Accept: "application/json" },
      });
      if (response.ok) return true;
      // It went on elsewhere meanwhile: nobody forgets what they have not seen.
      this.autosave.status.troubled(response.status === 409 ? WENT_ON : NOT_THERE);
    } catch {
      this.autosave.status.troubled(NOT_THERE);
    }
    return false;
  }

  done(line) {
    line.remove();
    this.box.classList.toggle("has-offers", this.isWaiting);
    this.autosave.chosen();
  }
}
