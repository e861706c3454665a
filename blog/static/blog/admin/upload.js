// Many files at once: each is sent by itself, can be cancelled, and says what became
// of it. Without this the form sends them all together.
import { isBusy, send } from "./uploads.js";

const form = document.querySelector("form.upload");

if (form) {
  const input = form.elements.file;
  const list = form.querySelector(".uploads");
  const told = form.querySelector(".uploads-told");
  const maxBytes = Number(form.dataset.maxBytes);
  let added = 0;

  const part = (tag, properties) => Object.assign(document.createElement(tag), properties);

  const settle = (row, { state, words, url }) => {
    row.item.className = state;
    row.bar.remove();
    row.cancel.remove();
    row.words.textContent = words;
    if (url) {
      const label = state === "new" ? gettext("Describe it") : gettext("Open it");
      row.words.append(" ", part("a", { href: url, textContent: label }));
    }
    if (state === "new" || state === "known") added += 1;
    if (!isBusy()) tellAll();
  };

  const tellAll = () => {
    told.textContent = gettext("All are done. ");
    if (added) {
      const show = part("button", { type: "button", textContent: gettext("Show them in the library") });
      show.addEventListener("click", () => location.reload());
      told.append(show);
    }
  };

  const rowFor = (file) => {
    const row = {
      item: part("li", { className: "sending" }),
      bar: part("progress", { max: 1, value: 0, ariaLabel: interpolate(gettext("How much of %(name)s is sent"), { name: file.name }, true) }),
      cancel: part("button", { type: "button", textContent: gettext("Cancel") }),
      words: part("span", { className: "uploads-words" }),
    };
    row.cancel.setAttribute("aria-label", interpolate(gettext("Cancel %(name)s"), { name: file.name }, true));
    row.item.append(part("b", { textContent: file.name }), row.bar, row.words, row.cancel);
    list.append(row.item);
    return row;
  };

  const take = (file) => {
    const row = rowFor(file);
    const onProgress = (share) => (row.bar.value = share);
    const { done, cancel } = send(file, { url: form.action, maxBytes, onProgress });
    row.cancel.addEventListener("click", cancel);
    const cancelled = { state: "refused", words: gettext("Cancelled; nothing was stored.") };
    done.then((result) => settle(row, result ?? cancelled));
  };

  const takeAll = (files) => {
    told.textContent = "";
    files.forEach(take);
  };

  form.querySelector(".drop-words").hidden = false;
  form.querySelector("[type=submit]").hidden = true;
  input.addEventListener("change", () => {
    takeAll([...input.files]);
    input.value = "";
  });
  for (const name of ["dragover", "dragleave", "drop"]) {
    form.addEventListener(name, (event) => {
      event.preventDefault();
      form.classList.toggle("is-over", name === "dragover");
    });
  }
  form.addEventListener("drop", (event) => takeAll([...event.dataTransfer.files]));
}
