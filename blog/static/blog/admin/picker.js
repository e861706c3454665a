// Choosing pictures of the library, in a dialog over the page.
import { PickerFiles } from "./picker-files.js";
import { PickerUploads } from "./picker-uploads.js";
import { desk } from "./uploads.js";

const part = (tag, properties, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

/**
 * Ask for pictures. Resolves with what was chosen, in the order it was chosen in, as
 * the library describes it: `{id, address, alt, title, caption, credit, width, height,
 * thumbnail}`; with an empty list where one thought better of it.
 */
export const pick = ({ multiple = false, title } = {}) =>
  new Promise((resolve) => {
    let chosen = [];
    const heading = title ?? (multiple ? gettext("Choose pictures") : gettext("Choose a picture"));
    const search = part("input", { type: "search", placeholder: gettext("Name or words"), ariaLabel: gettext("Search the library") });
    const told = part("p", { className: "picker-told" });
    told.setAttribute("role", "status");
    const use = part("button", { type: "submit", className: "button default", textContent: gettext("Use it"), disabled: true });
    const close = part("button", { type: "button", className: "button", textContent: gettext("Close") });
    const files = new PickerFiles({ multiple, address: desk().mediaChoices, say: (words) => (told.textContent = words) });
    const uploads = new PickerUploads({ multiple, onTaken: (file) => files.prepend(file) });
    const form = part("form", {},
      part("div", { className: "picker-head" }, part("h2", { textContent: heading }), search),
      uploads.dom,
      part("div", { className: "picker-middle" }, files.dom, files.more, told),
      part("div", { className: "picker-foot" }, use, close),
    );
    const dialog = part("dialog", { className: "picker", ariaLabel: heading }, form);

    files.onChange = (count) => {
      use.disabled = count === 0;
      use.textContent = count > 1 ? interpolate(gettext("Use these %(count)s"), { count }, true) : gettext("Use it");
    };
    let waiting = 0;
    search.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => files.load(search.value), 250);
    });
    search.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      clearTimeout(waiting);
      files.load(search.value);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      // Not the page's form, which listens for the same.
      event.stopPropagation();
      chosen = files.chosen();
      if (chosen.length) dialog.close();
    });
    form.addEventListener("dblclick", (event) => {
      if (event.target.closest(".picker-files") && files.chosen().length) form.requestSubmit();
    });
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(chosen);
    });
    document.body.append(dialog);
    dialog.showModal();
    files.load("");
  });
