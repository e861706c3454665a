// What stands in the text while a file is on its way, or was refused.
const part = (tag, properties) => Object.assign(document.createElement(tag), properties);

let count = 0;

export class Place {
  onCancel = () => {};
  onDismiss = () => {};

  constructor(name) {
    count += 1;
    this.name = name;
    this.key = `uploading-${count}`;
    this.bar = part("progress", { max: 1, value: 0, ariaLabel: interpolate(gettext("How much of %(name)s is sent"), { name }, true) });
    this.words = part("span", { className: "uploading-words" });
    this.words.setAttribute("role", "status");
    this.button = part("button", { type: "button", textContent: gettext("Cancel"), ariaLabel: interpolate(gettext("Cancel %(name)s"), { name }, true) });
    this.button.addEventListener("click", () => (this.isRefused ? this.onDismiss() : this.onCancel()));
    // A div of its own line, wherever the caret was.
    this.dom = part("div", { className: "uploading", contentEditable: "false" });
    this.dom.append(part("b", { textContent: name }), this.bar, this.words, this.button);
  }

  progress(share) {
    this.bar.value = share;
    this.words.textContent = share === 1 ? gettext("It is being looked at.") : "";
  }

  refuse(words) {
    this.isRefused = true;
    this.dom.classList.add("is-refused");
    this.bar.remove();
    this.words.textContent = words;
    this.button.textContent = gettext("Dismiss");
    this.button.ariaLabel = interpolate(gettext("Dismiss what is said of %(name)s"), { name: this.name }, true);
  }
}
