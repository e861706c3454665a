// Many files at once: each is sent by itself, can be cancelled, and says what became
// of it. One after the other: two that are the same would pass each other unseen.
// Without this the form sends them all together.
const form = document.querySelector("form.upload");

if (form) {
  const input = form.elements.file;
  const list = form.querySelector(".uploads");
  const told = form.querySelector(".uploads-told");
  const maxBytes = Number(form.dataset.maxBytes);
  const waiting = [];
  let isRunning = false;
  let added = 0;

  const part = (tag, properties) => Object.assign(document.createElement(tag), properties);

  const settle = (row, state, words, url) => {
    row.item.className = state;
    row.bar.remove();
    row.cancel.remove();
    row.words.textContent = words;
    if (url) {
      const label = state === "new" ? "Describe it" : "Open it";
      row.words.append(" ", part("a", { href: url, textContent: label }));
    }
    if (state === "new" || state === "known") added += 1;
  };

  const understand = (request, row) => {
    let result = null;
    try {
      [result] = JSON.parse(request.responseText).files;
    } catch {
      const isOut = request.responseURL.includes("/login");
      const words = isOut
        ? "You are logged out. Log in in another tab, and send it again."
        : "The blog could not take it just now. Send it again in a while.";
      settle(row, "refused", words);
      return;
    }
    settle(row, result.state, result.words, result.url);
  };

  const send = (file, row) => {
    const request = new XMLHttpRequest();
    const data = new FormData();
    data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    data.append("file", file);
    request.upload.addEventListener("progress", (event) => {
      row.bar.max = event.total;
      row.bar.value = event.loaded;
    });
    request.addEventListener("load", () => understand(request, row));
    request.addEventListener("error", () =>
      settle(row, "refused", "The connection was lost. Send it again."),
    );
    request.addEventListener("loadend", () => {
      isRunning = false;
      next();
    });
    row.stop = () => request.abort();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.send(data);
  };

  const next = () => {
    if (isRunning) return;
    if (waiting.length) {
      isRunning = true;
      send(...waiting.shift());
      return;
    }
    told.textContent = "All are done. ";
    if (added) {
      const show = part("button", { type: "button", textContent: "Show them in the library" });
      show.addEventListener("click", () => location.reload());
      told.append(show);
    }
  };

  const rowFor = (file) => {
    const row = {
      item: part("li", { className: "sending" }),
      bar: part("progress", { max: 1, value: 0, ariaLabel: `How much of ${file.name} is sent` }),
      cancel: part("button", { type: "button", textContent: "Cancel" }),
      words: part("span", { className: "uploads-words" }),
      stop: () => {},
    };
    row.cancel.setAttribute("aria-label", `Cancel ${file.name}`);
    row.cancel.addEventListener("click", () => {
      const place = waiting.findIndex(([, other]) => other === row);
      if (place >= 0) waiting.splice(place, 1);
      row.stop();
      settle(row, "refused", "Cancelled; nothing was stored.");
    });
    row.item.append(part("b", { textContent: file.name }), row.bar, row.words, row.cancel);
    list.append(row.item);
    return row;
  };

  const take = (files) => {
    told.textContent = "";
    for (const file of files) {
      const row = rowFor(file);
      const limit = Math.round(maxBytes / 2 ** 20);
      if (file.size > maxBytes) settle(row, "refused", `The file is larger than ${limit} MB.`);
      else waiting.push([file, row]);
    }
    next();
  };

  form.querySelector(".drop-words").hidden = false;
  form.querySelector("[type=submit]").hidden = true;
  input.addEventListener("change", () => {
    take([...input.files]);
    input.value = "";
  });
  for (const name of ["dragover", "dragleave", "drop"]) {
    form.addEventListener(name, (event) => {
      event.preventDefault();
      form.classList.toggle("is-over", name === "dragover");
    });
  }
  form.addEventListener("drop", (event) => take([...event.dataTransfer.files]));
}
