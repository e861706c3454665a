// A field for a picture of the library: shown, chosen, dropped, taken away. The number
// the form sends is in the field itself, which is all there is without this.
import { pick } from "./picker.js";
import { desk, send } from "./uploads.js";

const part = (tag, properties) => Object.assign(document.createElement(tag), properties);

const enhance = (box) => {
  const input = box.querySelector("input");
  const told = part("p", { className: "media-input-told" });
  told.setAttribute("role", "status");
  const choose = part("button", { type: "button", className: "button" });
  const remove = part("button", { type: "button", className: "button", textContent: gettext("Remove") });
  const label = document.querySelector(`label[for="${input.id}"]`);
  // The field is hidden; what names it names the button.
  label?.setAttribute("for", `${input.id}_choose`);
  choose.id = `${input.id}_choose`;

  const show = (words = "") => {
    const image = box.querySelector("img");
    choose.textContent = image ? gettext("Choose another") : gettext("Choose a picture");
    choose.setAttribute("aria-label", `${label?.textContent.replace(/:\s*$/, "").trim() ?? gettext("Picture")}: ${choose.textContent}`);
    remove.hidden = !image;
    told.textContent = words;
  };

  const use = (file) => {
    box.querySelector("img")?.remove();
    input.value = file?.id ?? "";
    if (file) {
      const { whole, alt, name, width, height } = file;
      box.prepend(part("img", { className: "thumbnail", src: whole, alt: alt || name, width, height }));
    }
    show();
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const upload = async (file) => {
    const { mediaUpload: url, maxBytes, mediaRefusal } = desk();
    if (!url) {
      told.textContent = mediaRefusal;
      return;
    }
    told.textContent = interpolate(gettext("%(name)s is on its way."), { name: file.name }, true);
    const { done } = send(file, { url, maxBytes: Number(maxBytes) });
    const result = await done;
    if (result?.state === "refused") show(result.words);
    else if (result?.width) use(result);
    else show(gettext("That is no picture."));
  };

  choose.addEventListener("click", async () => {
    const [file] = await pick({ multiple: false });
    if (file) use(file);
    choose.focus();
  });
  remove.addEventListener("click", () => {
    use(null);
    choose.focus();
  });
  for (const name of ["dragover", "dragleave", "drop"]) {
    box.addEventListener(name, (event) => {
      event.preventDefault();
      box.classList.toggle("is-over", name === "dragover");
    });
  }
  box.addEventListener("drop", (event) => {
    const [file] = event.dataTransfer.files;
    if (file) upload(file);
  });

  input.type = "hidden";
  box.querySelector(".media-input-library").hidden = true;
  box.append(choose, " ", remove, told);
  show();
};

if (desk().mediaChoices) document.querySelectorAll(".media-input").forEach(enhance);
