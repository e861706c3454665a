// Files into the library while one chooses from it: by choosing or by dropping.
import { desk, send } from "./uploads.js";

const part = (tag, properties, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

export class PickerUploads {
  constructor({ multiple, onTaken }) {
    this.onTaken = onTaken;
    this.list = part("ul", { className: "uploads" });
    const input = part("input", { type: "file", multiple, accept: "image/*" });
    const label = part("label", {}, part("span", { textContent: gettext("Add from this computer, or drop it here") }), input);
    this.dom = part("div", { className: "picker-uploads", hidden: !desk().mediaUpload }, label, this.list);
    input.addEventListener("change", () => {
      this.take([...input.files]);
      input.value = "";
    });
    for (const name of ["dragover", "dragleave", "drop"]) {
      this.dom.addEventListener(name, (event) => {
        event.preventDefault();
        this.dom.classList.toggle("is-over", name === "dragover");
      });
    }
    this.dom.addEventListener("drop", (event) => this.take([...event.dataTransfer.files]));
  }

  take(files) {
    for (const file of files) this.#send(file);
  }

  async #send(file) {
    const { mediaUpload: url, maxBytes } = desk();
    const bar = part("progress", { max: 1, value: 0, ariaLabel: interpolate(gettext("How much of %(name)s is sent"), { name: file.name }, true) });
    const cancel = part("button", { type: "button", textContent: gettext("Cancel"), ariaLabel: interpolate(gettext("Cancel %(name)s"), { name: file.name }, true) });
    const words = part("span", { className: "uploads-words" });
    words.setAttribute("role", "status");
    const row = part("li", {}, part("b", { textContent: file.name }), bar, words, cancel);
    this.list.append(row);
    const job = send(file, { url, maxBytes: Number(maxBytes), onProgress: (share) => (bar.value = share) });
    cancel.addEventListener("click", job.cancel);
    const result = await job.done;
    bar.remove();
    cancel.remove();
    if (!result) row.remove();
    else if (result.state === "refused") this.#refuse(row, words, result.words);
    else if (!result.width) this.#refuse(row, words, gettext("It is in the library now, but it is no picture."));
    else {
      row.remove();
      this.onTaken(result);
    }
  }

  #refuse(row, words, sentence) {
    row.className = "refused";
    words.textContent = sentence;
  }
}
