// "Ping again" in place: what is being written stays as it is. And where something
// is under way, its news.

const form = document.getElementById("ping-again");
const rows = document.querySelector(".told-rows");
const status = document.querySelector(".told-status");
const REFUSED = gettext("You may not do that any more. Log in again in another tab: what you wrote stays here.");
const GONE = gettext("This did not reach the blog. Nothing was changed; try it again.");
// Seconds between looks, while something waits.
const WAITS = [2, 3, 5, 8, 13, 21, 34];
let timer = 0;

const ask = async (url, options) => {
  const response = await fetch(url, {
    headers: { Accept: "application/json" },
    redirect: "manual",
    ...options,
  });
  const isAnswer = response.ok && response.headers.get("Content-Type") === "application/json";
  return isAnswer ? response.json() : { sentence: REFUSED };
};

const show = (html) => {
  const focused = rows.contains(document.activeElement) ? document.activeElement : null;
  rows.innerHTML = html;
  if (!focused) return;
  // Where one was, one stays.
  const same = [...rows.querySelectorAll("button, a")].find(
    (element) => element.value === focused.value && element.href === focused.href,
  );
  (same ?? rows.querySelector("button"))?.focus();
};

const watch = (waits = WAITS) => {
  clearTimeout(timer);
  if (!waits.length || !rows.querySelector("[data-unsettled]")) return;
  timer = setTimeout(async () => {
    try {
      const answer = await ask(form.dataset.news);
      if (!answer.rows) return;
      show(answer.rows);
      watch(waits.slice(1));
    } catch {
      // The next time the page is opened it tells.
    }
  }, waits[0] * 1000);
};

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  clearTimeout(timer);
  const body = new FormData(form);
  const { name, value } = event.submitter;
  if (name) body.set(name, value);
  status.textContent = "";
  try {
    const answer = await ask(form.action, { method: "POST", body });
    if (answer.rows) show(answer.rows);
    status.textContent = answer.sentence;
  } catch {
    status.textContent = GONE;
  }
  watch();
});

if (form) watch();
