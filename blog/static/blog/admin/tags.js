// The comma list of tags as words one takes out, and a field for the next of them.
import { focusChip, showChips } from "./chips.js";
import { keepToItself } from "./folding.js";
import { suggest } from "./suggesting.js";
import { isOpen, join, split } from "./tag-format.js";

const MAX_SHOWN = 8;

const enhance = (choice) => {
  const stored = choice.querySelector("input");
  const chips = choice.querySelector(".chips");
  const typing = document.createElement("div");
  const input = document.createElement("input");
  const status = document.createElement("p");
  input.type = "text";
  input.placeholder = gettext("Add a tag");
  typing.className = "typing";
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  typing.append(input);
  choice.append(typing, status);
  // The label and whatever speaks of the field belong to what is typed in now.
  input.id = stored.id;
  stored.id = `${stored.id}_stored`;
  for (const name of ["aria-describedby", "aria-invalid"]) {
    if (stored.hasAttribute(name)) input.setAttribute(name, stored.getAttribute(name));
  }
  stored.hidden = true;

  let names = split(stored.value);
  let written = stored.value;

  // Case does not part tags; accents do.
  const same = (name) => names.some((other) => other.toLowerCase() === name.toLowerCase());
  const say = (sentence) => {
    status.textContent = sentence;
  };

  const show = () => {
    showChips(chips, names, (index) => {
      remove(index);
      focusChip(chips, index, input);
    });
    [...chips.children].forEach((chip, index) => {
      chip.classList.toggle("is-wrong", names[index].length > choice.dataset.maxLength);
    });
  };

  const write = () => {
    stored.value = written = join(names);
    show();
    stored.dispatchEvent(new Event("input", { bubbles: true }));
    stored.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const remove = (index) => {
    const [name] = names.splice(index, 1);
    write();
    say(interpolate(gettext("%(name)s is removed."), { name }, true));
  };

  const take = (...taken) => {
    const fresh = [];
    for (const name of taken) {
      if (same(name)) continue;
      names.push(name);
      fresh.push(name);
    }
    input.value = "";
    offered.close();
    if (fresh.length) write();
    const tooLong = fresh.some((name) => name.length > choice.dataset.maxLength);
    const limit = interpolate(gettext("A tag has at most %(limit)s characters."), { limit: choice.dataset.maxLength }, true);
    const added = interpolate(gettext("Added: %(tags)s."), { tags: fresh.join(", ") }, true);
    say(`${fresh.length ? added : gettext("It is there already.")} ${tooLong ? limit : ""}`);
  };

  const ask = async (typed) => {
    const address = `${choice.dataset.address}?${new URLSearchParams({ q: typed })}`;
    try {
      const response = await fetch(address, { headers: { Accept: "application/json" }, redirect: "manual" });
      const { tags } = await response.json();
      const free = tags.filter((tag) => !same(tag.name)).slice(0, MAX_SHOWN);
      return free.map(({ name, count }) => ({ label: count ? `${name} (${count})` : name, value: name }));
    } catch {
      return []; // one types on without suggestions
    }
  };

  const offered = suggest(input, { label: gettext("Tags"), ask, take, say });

  keepToItself(typing);
  input.addEventListener("keydown", (event) => {
    const isTaking = event.key === "Enter" || (event.key === "," && !isOpen(input.value));
    if (event.isComposing) return;
    if (isTaking && !event.ctrlKey && !event.metaKey) {
      event.preventDefault(); // Enter would save the post
      const chosen = offered.chosen();
      if (chosen !== null) take(chosen);
      else takeRest();
    } else if (event.key === "Backspace" && !input.value && names.length) {
      event.preventDefault();
      remove(names.length - 1);
    }
  });
  input.addEventListener("paste", (event) => {
    const pasted = event.clipboardData.getData("text");
    if (!/[,\n\r]/.test(pasted)) return;
    event.preventDefault();
    take(...split(input.value + pasted));
  });
  // A phone's keyboard says no key for a comma.
  input.addEventListener("input", () => {
    if (/[,\n]/.test(input.value) && !isOpen(input.value)) take(...split(input.value));
  });
  // What was typed and not taken is meant all the same.
  const takeRest = () => {
    if (input.value.trim()) take(...split(input.value));
  };
  const form = choice.closest("form");
  input.addEventListener("blur", takeRest);
  form.addEventListener("submit", takeRest, { capture: true });
  for (const type of ["input", "change"]) {
    form.addEventListener(type, () => {
      if (stored.value === written) return;
      names = split(stored.value);
      written = stored.value;
      show();
    });
  }
  show();
};

for (const choice of document.querySelectorAll(".tag-choice")) enhance(choice);
