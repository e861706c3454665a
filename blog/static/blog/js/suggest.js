/* Suggestions while somebody types into a search form that names where they come from.
   A combobox as ARIA has it: the arrows choose, Enter goes there, Escape closes. Where
   anything fails there are no suggestions, and the form is a form. */

const PAUSE = 150; // milliseconds without a key before anybody is asked
const LEAST = 2; // signs

for (const form of document.querySelectorAll("form[data-suggest]")) {
  help(form, form.querySelector("input[type=search]"), form.querySelector("[role=status]"));
}

function help(form, input, status) {
  const list = document.createElement("ul");
  let timer, asking, chosen = -1, asked = "";

  Object.assign(list, { id: `${input.id}-list`, className: "suggestions", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", form.querySelector("label").textContent);
  input.after(list);
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-controls": list.id,
    "aria-expanded": "false",
  })) input.setAttribute(name, value);

  function close() {
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function choose(place) {
    const options = [...list.children];
    chosen = (place + options.length + 1) % (options.length + 1);
    if (chosen === options.length) chosen = -1; // the words themselves
    options.forEach((option, at) => option.setAttribute("aria-selected", at === chosen));
    if (chosen < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", options[chosen].id);
      options[chosen].scrollIntoView({ block: "nearest" });
    }
  }

  function show([, titles, kinds, addresses]) {
    list.replaceChildren(
      ...titles.map((title, at) => {
        const option = document.createElement("li");
        const kind = document.createElement("span");
        option.id = `${list.id}-${at}`;
        option.dataset.address = addresses[at];
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        kind.textContent = kinds[at];
        const words = document.createElement("bdi");
        words.textContent = title;
        option.append(words, kind);
        return option;
      }),
    );
    close();
    list.hidden = !titles.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    const { none, one, many } = status.dataset;
    status.textContent =
      titles.length > 1 ? many.replace("NUMBER", titles.length) : titles.length ? one : none;
  }

  async function ask() {
    const words = input.value.trim();
    if (words === asked) return;
    asked = words;
    asking?.abort();
    if (words.length < LEAST) return close();
    asking = new AbortController();
    try {
      const url = `${form.dataset.suggest}?${new URLSearchParams({ q: words })}`;
      const answer = await fetch(url, { signal: asking.signal });
      const found = answer.ok ? await answer.json() : null;
      if (found && document.activeElement === input) show(found);
    } catch {
      close(); // asked anew meanwhile, or there is no network
    }
  }

  const go = (option) => location.assign(option.dataset.address);

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) choose(chosen + step);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && chosen >= 0) go(list.children[chosen]);
    else return;
    event.preventDefault();
  });
  input.addEventListener("blur", close);
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("li");
    if (option) go(option);
  });
}
