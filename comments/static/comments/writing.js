// What goes with writing a comment: the stamp, the remembered name, the preview, and
// a button that sends once.

const PATIENCE = 4000; // milliseconds
const NAMES = ["author_name", "author_email", "author_url"];

export default function (form, { load, recall, keep, say }) {
  const field = (name) => form.elements.namedItem(name);
  const buttons = form.querySelectorAll("button[type=submit]");
  load("drafts");

  // When the form was opened, and a puzzle where the blog wants a proof of work.
  const stamp = field("stamp");
  const askForStamp = async () => {
    const response = await fetch(form.dataset.stampUrl).catch(() => null);
    if (!response?.ok) return;
    const answer = await response.json();
    stamp.value = answer.stamp;
    stamp.disabled = false;
    if (answer.puzzle && !form.dataset.puzzle) {
      form.dataset.puzzle = JSON.stringify(answer.puzzle);
      await load("proof");
    }
  };
  // Who is quicker than that waits for it, but not for ever.
  let isPreparing = true;
  const prepared = Promise.race([
    form.dataset.puzzle ? load("proof") : stamp.disabled && askForStamp(),
    new Promise((done) => setTimeout(done, PATIENCE)),
  ]).catch(() => null);
  prepared.then(() => (isPreparing = false));

  // Name, e-mail and website stay in this browser if the visitor says so.
  const remember = form.querySelector(".respond-remember");
  const box = remember?.querySelector("input");
  const note = () => {
    const values = NAMES.map((name) => [name, field(name).value]);
    keep("commenter", box.checked ? Object.fromEntries(values) : undefined);
  };
  if (remember) {
    const known = recall("commenter", null);
    remember.hidden = false;
    box.checked = known !== null;
    for (const name of NAMES) field(name).value ||= known?.[name] ?? "";
    box.addEventListener("change", note);
    form.addEventListener("submit", () => box.checked && note());
  }

  // One press is one comment.
  let isSending = false;
  const rest = () => {
    isSending = false;
    for (const button of buttons) button.disabled = false;
  };
  form.addEventListener("submit", (event) => {
    if (!navigator.onLine) {
      event.preventDefault();
      say("You are offline. What you wrote is kept in this browser; send it when you are connected again.");
    } else if (isSending || isPreparing) {
      event.preventDefault();
      if (isPreparing && !isSending) prepared.then(() => form.requestSubmit(event.submitter));
      say("Sending …");
    } else {
      isSending = true;
      say("Sending …");
      // Later, because what a disabled button says is not sent.
      setTimeout(() => buttons.forEach((button) => (button.disabled = true)));
      setTimeout(rest, 15_000);
    }
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) say("What you wrote is still here.");
    rest();
  });
  addEventListener("online", () => say("You are connected again."));

  // The preview beside the form instead of on a page of its own.
  if (form.dataset.previewUrl) {
    const details = document.createElement("details");
    const summary = document.createElement("summary");
    const shown = document.createElement("div");
    details.className = "live-preview";
    const button = form.querySelector("button[name=preview]");
    summary.textContent = button.textContent;
    shown.className = "shown prose";
    shown.dir = "auto";
    details.append(summary, shown);
    form.querySelector(".field-body").after(details);
    button.remove();
    details.addEventListener("toggle", () => load("preview"), { once: true });
  }
}
