// The editor takes the place of its field as soon as all its parts are here. Where one of
// them does not come, the field stays and says why: half an editor would drop from the
// text what it does not know.
import * as library from "django-prose-editor/editor";

const extensions = async ({ extensions: wanted, js_modules: addresses }) => {
  const modules = await Promise.all(addresses.map((address) => import(address)));
  const known = Object.assign({}, library, ...modules);
  return Object.entries(wanted).map(([name, options]) => (options === true ? known[name] : known[name].configure(options)));
};

// Who began to write before the editor came goes on in it.
const instead = (area, parts) => {
  const isHere = document.activeElement === area;
  const isAtEnd = area.selectionEnd === area.value.length;
  const editor = library.createTextareaEditor(area, parts);
  const { dom } = editor.view;
  dom.setAttribute("aria-label", gettext("Text"));
  // As on the page readers see.
  dom.dir = "auto";
  if (isHere) editor.commands.focus(isAtEnd ? "end" : "start");
  area.dispatchEvent(new CustomEvent("prose-editor:ready", { bubbles: true }));
  return editor;
};

const stay = (area) => {
  const frame = area.closest(".prose-editor");
  frame?.before(area);
  frame?.remove();
  area.classList.add("body-html");
  const words = document.createElement("p");
  words.className = "errornote no-editor";
  words.setAttribute("role", "alert");
  words.textContent = gettext("The editor could not be loaded, so you are looking at the HTML of the text. You can write here all the same, or load the page again.");
  area.before(words);
};

/** The editor in place of `area`; null where there is none, and `area` stays. */
export const start = async (area) => {
  try {
    return instead(area, await extensions(JSON.parse(area.dataset.djangoProseEditorStart)));
  } catch (error) {
    stay(area);
    console.warn("The editor could not be started:", error);
    return null;
  }
};

document.querySelectorAll("[data-django-prose-editor-start]").forEach(start);
