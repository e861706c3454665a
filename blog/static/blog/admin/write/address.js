// The address the post will have, asked of the blog while one types.
import { form } from "./form.js";
import { firstWords, isLocked } from "./words.js";

const WAIT_MS = 250;
const LOST = gettext("The address could not be looked up just now.");
const live = document.querySelector(".address-live");
const slug = form?.elements.slug;

if (live && slug) {
  const [shown, said] = live.querySelectorAll(".address-shown, .address-said");
  const [edit, copy] = live.querySelectorAll("button");
  const field = slug.closest(".field");
  // A slug that was made of the title follows it, until somebody was told of it.
  let isMade = "isMade" in live.dataset;
  let address = "";
  let asked = "";
  let number = 0;
  let timer = 0;
  let underWay = new AbortController();

  const typed = () => {
    const { title, published_at: date, parent } = form.elements;
    const fields = {
      title: title?.value ?? "",
      slug: slug.value,
      date: date?.value ?? "",
      parent: parent?.value ?? "",
      number: live.dataset.number ?? "",
    };
    // An untitled post is called by its first words, if anybody may read them.
    if (!fields.title.trim() && !isLocked()) fields.words = firstWords(60, "");
    return String(new URLSearchParams(fields));
  };

  const show = (answer) => {
    said.textContent = answer.fault || answer.note || "";
    said.classList.toggle("is-fault", Boolean(answer.fault));
    if (answer.fault) slug.setAttribute("aria-invalid", "true");
    else slug.removeAttribute("aria-invalid");
    if (!answer.address) return;
    address = answer.address;
    const last = document.createElement("strong");
    last.textContent = answer.slug;
    const path = decodeURI(address);
    const at = path.lastIndexOf(answer.slug);
    shown.replaceChildren(path.slice(0, at), last, path.slice(at + answer.slug.length));
    slug.placeholder = slug.value ? "" : answer.slug;
  };

  const ask = async () => {
    const body = typed();
    if (body === asked) return null;
    asked = body;
    const own = (number += 1);
    underWay.abort();
    underWay = new AbortController();
    try {
      const response = await fetch(live.dataset.address, {
        method: "POST",
        body: new URLSearchParams(body),
        headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
        redirect: "manual",
        signal: underWay.signal,
      });
      const answer = await response.json();
      if (own !== number) return null;
      show(answer);
      return answer;
    } catch {
      if (own !== number) return null;
      show({ note: LOST });
      asked = ""; // the next key asks again
      return null;
    }
  };

  const open = (isOpen) => {
    field.hidden = !isOpen;
    edit.setAttribute("aria-expanded", String(isOpen));
  };

  form.addEventListener("input", (event) => {
    const { name } = event.target;
    if (name === "slug") isMade = !slug.value;
    else if (isMade && (name === "title" || name === "published_at")) slug.value = "";
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    number += 1;
    underWay.abort();
  });
  // What can't stand in an address becomes what can.
  slug.addEventListener("change", async () => {
    clearTimeout(timer);
    asked = "";
    const answer = await ask();
    if (!answer?.fault || !answer.wanted || answer.wanted === slug.value) return;
    slug.value = answer.wanted;
    ask();
  });
  edit.addEventListener("click", () => {
    open(field.hidden);
    if (!field.hidden) slug.focus();
  });
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(address);
      said.textContent = gettext("Copied.");
    } catch {
      // Without HTTPS there is no clipboard: the address is marked.
      getSelection().selectAllChildren(shown);
      said.textContent = gettext("It is marked: copy it with Ctrl C.");
    }
  });

  slug.setAttribute("aria-describedby", [slug.getAttribute("aria-describedby"), said.id].filter(Boolean).join(" "));
  document.querySelector(".field-address")?.setAttribute("hidden", "");
  open(field.classList.contains("errors"));
  live.hidden = false;
  const { stored, slug: last } = live.dataset;
  if (!stored) ask();
  else {
    asked = typed();
    show({ address: stored, slug: last });
  }
}
