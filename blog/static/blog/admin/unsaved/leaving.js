// Leaving asks where something is unsaved; saving takes a fresh token along and is done
// once, however often the button is pressed.
import { goAlong } from "./other_way.js";
import { token } from "./sending.js";

const AGAIN_MS = 2000;

export const guardLeaving = (form, autosave) => {
  let leftAt = -AGAIN_MS;
  const isLeaving = () => performance.now() - leftAt < AGAIN_MS;

  form.addEventListener("submit", (event) => {
    // A second click while the first is under way would say "saved meanwhile".
    if (isLeaving()) {
      event.preventDefault();
      return;
    }
    leftAt = performance.now();
    form.elements.csrfmiddlewaretoken.value = token();
    autosave.leave();
    if (!event.submitter?.hasAttribute("formaction")) autosave.drafts.submitted();
  });
  goAlong(form, autosave);
  // It did not arrive, and writing goes on.
  form.addEventListener("input", () => autosave.isLeaving && !isLeaving() && autosave.stay());
  addEventListener("pageshow", () => {
    leftAt = -AGAIN_MS;
    autosave.stay();
  });
  addEventListener("beforeunload", (event) => {
    if (autosave.keepHere() && !isLeaving() && !autosave.isLeaving) event.preventDefault();
  });
};
