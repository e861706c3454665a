// The preview link is copied with one press, and made anew in place.

const form = document.getElementById("preview-renew");
const address = document.getElementById("preview-address");
const status = document.querySelector(".preview-status");
const verbs = document.querySelector(".preview-verbs");
const until = document.querySelector(".preview-until");
const REFUSED = gettext("You may not do that any more. Log in again in another tab: what you wrote stays here.");
const LOST = gettext("This did not reach the blog. Nothing was changed; try it again.");

const copy = async () => {
  address.select();
  try {
    await navigator.clipboard.writeText(address.value);
    status.textContent = gettext("Copied.");
  } catch {
    // Without HTTPS there is no clipboard: the address is marked.
    status.textContent = gettext("The link is marked: copy it with Ctrl C.");
  }
};

const renew = async (event) => {
  event.preventDefault();
  status.textContent = "";
  try {
    const response = await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      headers: { Accept: "application/json" },
      redirect: "manual",
    });
    const isAnswer = response.ok && response.headers.get("Content-Type") === "application/json";
    const answer = isAnswer ? await response.json() : { sentence: REFUSED };
    if (answer.address) address.value = answer.address;
    if (answer.until && until) until.textContent = answer.until;
    status.textContent = answer.sentence;
  } catch {
    status.textContent = LOST;
  }
};

if (form) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = gettext("Copy a preview link");
  button.addEventListener("click", copy);
  verbs.prepend(button, " ");
  form.addEventListener("submit", renew);
}
