// A datalist knows one value; tags are a list. While the last of them is typed,
// each suggestion is offered with the tags before it.
"use strict";

for (const input of document.querySelectorAll("input[list$='_names']")) {
  const datalist = document.getElementById(input.getAttribute("list"));
  const names = Array.from(datalist.options, (option) => option.value);
  input.addEventListener("input", () => {
    const typed = input.value;
    const start = typed.lastIndexOf(",") + 1;
    const before = start ? `${typed.slice(0, start)} ` : "";
    const chosen = new Set(typed.slice(0, start).split(",").map((tag) => tag.trim()));
    datalist.replaceChildren(
      ...names
        .filter((name) => !chosen.has(name))
        .map((name) => new Option("", before + (name.includes(",") ? `"${name}"` : name))),
    );
  });
}
