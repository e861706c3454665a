// Rows of links: their numbers become handles, and more rows come when asked for.

import { sortable } from "./sortable.js";

for (const box of document.querySelectorAll("[data-rows]")) {
  const list = box.querySelector("ol");
  const count = box.querySelector("input[name$='-count']");
  const more = box.querySelector(".more");
  const said = more.querySelector("[role=status]");
  const part = (row, name) => row.querySelector(`input[name$='-${name}']`);
  const isBlank = (row) => [...row.querySelectorAll("input[type=text]")].every((input) => !input.value);

  const number = () => {
    [...list.children].forEach((row, place) => {
      part(row, "place").value = place + 1;
    });
  };

  const name = (row) => part(row, "name").value || part(row, "url").value || gettext("new link");
  const addHandle = sortable(list, {
    name,
    moved(row) {
      number();
      const place = [...list.children].indexOf(row) + 1;
      said.textContent = interpolate(
        gettext("“%(name)s” is number %(place)s of %(count)s now."),
        { name: name(row), place, count: list.children.length },
        true,
      );
      row.dispatchEvent(new Event("input", { bubbles: true }));
    },
  });

  const add = () => {
    if (list.children.length >= Number(box.dataset.max)) {
      said.textContent = interpolate(gettext("More than %(limit)s links can’t be kept."), { limit: box.dataset.max }, true);
      return;
    }
    const row = box.querySelector("template").content.firstElementChild.cloneNode(true);
    for (const input of row.querySelectorAll("input")) {
      input.name = input.name.replace(`${box.dataset.rows}-0-`, `${box.dataset.rows}-${count.value}-`);
    }
    count.value = Number(count.value) + 1;
    list.append(row);
    addHandle(row);
    number();
    part(row, "name").focus();
  };

  box.classList.add("is-live");
  for (const row of [...list.children]) {
    if (isBlank(row)) row.remove();
    else addHandle(row);
  }
  more.hidden = false;
  more.querySelector("button").addEventListener("click", add);
}
