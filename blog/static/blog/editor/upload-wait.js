// Nothing is left behind: saving waits for files on their way, leaving asks first.
import { isBusy, settled } from "../admin/uploads.js";

const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

const WAITING = gettext("It is saved as soon as the files on their way are here. Cancel them to save without them.");

export const waitForUploads = (editor) => {
  const { element } = editor.options;
  const form = element.closest("form");
  if (!form) return;
  const told = Object.assign(document.createElement("p"), { className: "uploading-told" });
  told.setAttribute("role", "status");
  element.append(told);
  let pressed;

  const listeners = new AbortController();
  const { signal } = listeners;
  editor.on("destroy", () => listeners.abort());

  document.addEventListener(
    "submit",
    (event) => {
      if (event.target !== form || !isBusy()) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const isFirst = pressed === undefined;
      pressed = event.submitter;
      told.textContent = WAITING;
      if (!isFirst) return;
      settled().then(() => {
        const submitter = pressed;
        pressed = undefined;
        told.textContent = "";
        form.requestSubmit(submitter);
      });
    },
    { capture: true, signal },
  );

  window.addEventListener("beforeunload", (event) => isBusy() && event.preventDefault(), { signal });

  // What misses the text would make the browser open the file in place of the page.
  for (const name of ["dragover", "drop"]) {
    window.addEventListener(name, (event) => hasFiles(event) && event.preventDefault(), { signal });
  }
};
