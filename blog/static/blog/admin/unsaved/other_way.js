// From the editor to the HTML of a text, and back: what is typed goes along.
import { openWith, valuesOf } from "./form_values.js";
import { token } from "./sending.js";

export const goAlong = (form, autosave) => {
  form.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-as-html]");
    const isElsewhere = event.ctrlKey || event.metaKey || event.shiftKey;
    // With nothing typed, the link does.
    if (!link || isElsewhere || !autosave.keepHere()) return;
    event.preventDefault();
    const values = { ...valuesOf(form), as_html: [link.dataset.asHtml] };
    if (link.dataset.asHtml === "0") values._from_html = ["1"];
    autosave.leave();
    openWith(values, token());
  });
};
