// The excerpt shows what stands in its place while it is empty, and how long it is.
import { form } from "./form.js";
import { firstWords, whenChanged } from "./words.js";

const LEAD_WORDS = 55;
const excerpt = form?.elements.excerpt;

if (excerpt?.tagName === "TEXTAREA") {
  const line = document.createElement("p");
  line.className = "help meter";
  excerpt.after(line);
  whenChanged(
    (field) => field === excerpt || field === form.elements.body,
    () => {
      const words = excerpt.value.trim() ? excerpt.value.trim().split(/\s+/).length : 0;
      excerpt.placeholder = firstWords(LEAD_WORDS, " […]");
      const said = ngettext("%(count)s word.", "%(count)s words.", words);
      line.textContent = words ? interpolate(said, { count: words }, true) : "";
      line.hidden = !words;
    },
  );
}
