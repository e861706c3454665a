// A category added where one writes: it is stored at once, and checked.
import { keepToItself } from "./folding.js";

const REFUSED = gettext("It was not added: you may be logged out. Log in again in another tab; what you wrote stays here.");
const LOST = gettext("This did not reach the blog, and nothing was added. Try it again.");

const ask = async (address, fields, token) => {
  try {
    const response = await fetch(address, {
      method: "POST",
      body: new URLSearchParams(fields),
      headers: { "X-CSRFToken": token, Accept: "application/json" },
      redirect: "manual",
    });
    const isAnswer = response.headers.get("Content-Type")?.startsWith("application/json");
    return isAnswer ? await response.json() : { sentence: REFUSED };
  } catch {
    return { sentence: LOST };
  }
};

const rowOf = (answer, name) => {
  const row = document.createElement("li");
  row.className = `level-${Math.min(answer.level, 9)}`;
  row.dataset.level = answer.level;
  const label = document.createElement("label");
  const box = document.createElement("input");
  Object.assign(box, { type: "checkbox", name, value: answer.pk });
  const shown = document.createElement("span");
  Object.assign(shown, { dir: "auto", textContent: answer.name });
  label.append(box, " ", shown);
  row.append(label);
  return row;
};

// Gives what opens it, or null where one may not. `changed` is called after each.
export const offerAdding = (choice, rows, changed) => {
  const opener = choice.querySelector(".add-category");
  if (!opener) return null;
  const part = choice.querySelector(".category-adding");
  const list = choice.querySelector(".category-list");
  const said = choice.querySelector(".category-said");
  const [name, below, add] = part.querySelectorAll("input, select, button");
  const form = choice.closest("form");

  const boxOf = (pk) => list.querySelector(`input[value="${pk}"]`);

  const fillPlaces = () => {
    const before = below.value;
    below.replaceChildren(
      below.options[0],
      ...rows().map((row) => {
        const indent = "\u2003".repeat(Math.min(row.dataset.level, 9));
        const label = indent + row.querySelector("span").textContent;
        return new Option(label, row.querySelector("input").value);
      }),
    );
    below.value = before;
  };

  const toggle = (isOpen) => {
    part.hidden = !isOpen;
    opener.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) fillPlaces();
  };

  const open = (typed = "") => {
    toggle(true);
    name.value = typed;
    name.focus();
  };

  const put = (answer) => {
    if (!boxOf(answer.pk)) {
      const row = rowOf(answer, part.dataset.name);
      const before = answer.after && boxOf(answer.after)?.closest("li");
      list.querySelector(".none")?.remove();
      if (before) before.after(row);
      else if (answer.after) list.append(row);
      else list.prepend(row);
    }
    const box = boxOf(answer.pk);
    if (!box.checked) box.click();
    box.closest("li").scrollIntoView({ block: "nearest" });
  };

  const store = async () => {
    if (add.getAttribute("aria-disabled") === "true") return;
    add.setAttribute("aria-disabled", "true");
    const fields = { name: name.value, parent: below.value };
    const token = form.elements.csrfmiddlewaretoken.value;
    const answer = await ask(part.dataset.address, fields, token);
    add.removeAttribute("aria-disabled");
    said.textContent = answer.sentence;
    said.hidden = false;
    if (!answer.pk) return;
    changed();
    put(answer);
    name.value = "";
    fillPlaces();
    name.focus();
  };

  keepToItself(part);
  opener.hidden = false;
  opener.addEventListener("click", () => (part.hidden ? open() : toggle(false)));
  add.addEventListener("click", store);
  part.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target !== add) {
      event.preventDefault();
      store();
    } else if (event.key === "Escape") {
      toggle(false);
      opener.focus();
    }
  });

  const button = (typed) => {
    const element = document.createElement("button");
    element.type = "button";
    element.textContent = interpolate(gettext("Add “%(name)s”"), { name: typed }, true);
    element.addEventListener("click", () => open(typed));
    return element;
  };
  return { open, button };
};
