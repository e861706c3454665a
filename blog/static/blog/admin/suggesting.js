// A field that offers what begins like what is typed: a combobox with a list.

const WAIT_MS = 120;
let lists = 0;

// `ask(typed)` resolves with `[{label, value}]`; `take(value)` is called for the one
// that is chosen. Gives `close`, and `chosen` for the value that is marked, or null.
export const suggest = (input, { label, ask, take, say }) => {
  const list = document.createElement("ul");
  list.className = "suggestions";
  list.id = `suggestions-${(lists += 1)}`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", label);
  input.after(list);
  for (const [name, value] of Object.entries({
    role: "combobox",
    autocomplete: "off",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": list.id,
  })) {
    input.setAttribute(name, value);
  }

  let options = [];
  let marked = -1;
  let asked = 0;
  let timer = 0;

  const mark = (index) => {
    marked = index;
    [...list.children].forEach((item, at) => {
      item.setAttribute("aria-selected", String(at === index));
    });
    const item = list.children[index];
    if (item) input.setAttribute("aria-activedescendant", item.id);
    else input.removeAttribute("aria-activedescendant");
    item?.scrollIntoView({ block: "nearest" });
  };

  const close = () => {
    clearTimeout(timer);
    asked += 1; // an answer that is still under way comes too late
    list.hidden = true;
    options = [];
    mark(-1);
    input.setAttribute("aria-expanded", "false");
  };

  const show = (found) => {
    options = found;
    list.replaceChildren(
      ...found.map((option, at) => {
        const item = document.createElement("li");
        Object.assign(item, { id: `${list.id}-${at}`, textContent: option.label, dir: "auto" });
        item.setAttribute("role", "option");
        return item;
      }),
    );
    mark(-1);
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(found.length > 0));
    const words = ngettext("%(count)s suggestion.", "%(count)s suggestions.", found.length);
    if (found.length) say(interpolate(words, { count: found.length }, true));
  };

  const offer = async () => {
    const number = (asked += 1);
    const found = await ask(input.value);
    if (number === asked) show(found);
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    if (input.value.trim()) timer = setTimeout(offer, WAIT_MS);
    else close();
  });
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && options.length) {
      event.preventDefault();
      // One place more than there are options: in the field itself.
      const places = options.length + 1;
      mark(((marked + 1 + step + places) % places) - 1);
    } else if (event.key === "ArrowDown") {
      event.preventDefault();
      offer();
    } else if (event.key === "Escape" && options.length) {
      event.preventDefault();
      close();
    }
  });
  // Not the click: by then the field has lost the focus, and the list is closed.
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const at = [...list.children].indexOf(event.target.closest("li"));
    if (at >= 0) take(options[at].value);
  });
  input.addEventListener("blur", close);
  return { close, chosen: () => options[marked]?.value ?? null };
};
