// The reply form, where there is JavaScript: it moves under the comment that is
// answered and keeps what was typed, there and across a lost connection.

const form = document.querySelector("form.respond");
const section = form?.closest(".conversation");

if (section) {
  const heading = form.querySelector("h3");
  const cancel = form.querySelector(".respond-cancel");
  const parent = form.elements.namedItem("parent");
  const body = form.elements.namedItem("body");
  const draftKey = `draft ${form.dataset.post}`;

  const place = (below, key, words) => {
    parent.value = key;
    parent.disabled = !key;
    heading.textContent = words;
    cancel.hidden = !key;
    below.append(form);
    body.focus();
  };

  section.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    const link = event.target.closest("a");
    if (link?.matches(".reply-link")) {
      event.preventDefault();
      place(link.closest(".response"), link.dataset.key, link.dataset.words);
    } else if (link && cancel.contains(link)) {
      event.preventDefault();
      place(section, "", heading.dataset.plain);
    }
  });

  // What was typed stays in this tab until the server has taken it. It sends the
  // writer on to the comment's own anchor when it has.
  if (location.hash.startsWith("#comment-") && sessionStorage.getItem(`${draftKey} sent`)) {
    sessionStorage.removeItem(draftKey);
  } else if (!body.value) {
    body.value = sessionStorage.getItem(draftKey) ?? "";
  }
  sessionStorage.removeItem(`${draftKey} sent`);
  body.addEventListener("input", () => sessionStorage.setItem(draftKey, body.value));
  form.addEventListener("submit", () => sessionStorage.setItem(`${draftKey} sent`, "1"));
}
