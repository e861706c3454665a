// A long conversation, where there is JavaScript: answers fold away below what they
// answer, and an address of one response finds the page it stands on.

const LONG = 10; // responses, from which on all answers can be folded at once

const section = document.querySelector(".conversation");
const thread = section?.querySelector(".thread");
const words = JSON.parse(section?.dataset.words ?? "{}");
const language = document.documentElement.lang;
const plural = new Intl.PluralRules(language);

// Rows stand flat in tree order: what is answered to one follows it, deeper.
const answersTo = (row) => {
  const found = [];
  for (let next = row.nextElementSibling; next; next = next.nextElementSibling) {
    if (Number(next.dataset.depth) <= Number(row.dataset.depth)) break;
    found.push(next);
  }
  return found;
};

const say = (button, isOpen, count) => {
  const forms = isOpen ? words.hide : words.show;
  const sentence = forms[plural.select(count)] ?? forms.other;
  button.setAttribute("aria-expanded", String(isOpen));
  button.textContent = sentence.replace("%s", count.toLocaleString(language));
};

const buttons = new Map();

// What is shown again brings back what stands open below it, and no more.
const fold = (row, isOpen) => {
  const answers = answersTo(row);
  say(buttons.get(row), isOpen, answers.length);
  let closedAt = Infinity;
  for (const answer of answers) {
    const depth = Number(answer.dataset.depth);
    if (depth <= closedAt) closedAt = Infinity;
    answer.hidden = !isOpen || depth > closedAt;
    const own = buttons.get(answer);
    if (closedAt === Infinity && own?.getAttribute("aria-expanded") === "false") closedAt = depth;
  }
};

const reveal = (target) => {
  target.closest("details")?.setAttribute("open", "");
  const row = target.closest(".response");
  if (!row?.hidden) return;
  for (let above = row; above; above = above.previousElementSibling) {
    if (buttons.has(above) && answersTo(above).includes(row)) fold(above, true);
  }
  row.scrollIntoView();
};

// An address from before the talk had pages, or before its pages moved. What is not
// to be seen any more leaves the reader where they are.
const seek = async (pk) => {
  const answer = await fetch(section.dataset.permalink.replace("0", pk)).catch(() => null);
  const found = answer?.ok && new URL(answer.url);
  if (found && found.href !== location.href.split("#")[0] && found.pathname.startsWith(section.dataset.post)) {
    location.replace(`${found.href}#comment-${pk}`);
  }
};

const follow = () => {
  const pk = /^#comment-(\d+)$/.exec(location.hash)?.[1];
  const target = pk && document.getElementById(`comment-${pk}`);
  if (target) reveal(target);
  else if (pk) seek(pk);
};

if (thread) {
  const rows = [...thread.children];
  for (const row of rows) {
    const count = answersTo(row).length;
    if (!count) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "fold";
    button.addEventListener("click", () =>
      fold(row, button.getAttribute("aria-expanded") === "false"),
    );
    buttons.set(row, button);
    say(button, true, count);
    (row.querySelector(".response-actions") ?? row.firstElementChild).append(button);
  }
  if (rows.length > LONG && buttons.size) {
    const all = document.createElement("button");
    all.type = "button";
    all.className = "fold fold-all";
    all.textContent = words.hideAll;
    all.setAttribute("aria-expanded", "true");
    all.addEventListener("click", () => {
      const isOpen = all.getAttribute("aria-expanded") === "false";
      for (const row of [...buttons.keys()].reverse()) fold(row, isOpen);
      all.setAttribute("aria-expanded", String(isOpen));
      all.textContent = isOpen ? words.hideAll : words.showAll;
    });
    thread.before(all);
  }
}

if (section) {
  follow();
  addEventListener("hashchange", follow);

  // Few readers have said something here: what is for them is loaded for them alone.
  let isKnown = new URLSearchParams(location.search).has("own");
  try {
    isKnown ||= localStorage.getItem("own comments") !== null;
  } catch {
    // The browser keeps nothing.
  }
  if (isKnown) import(section.dataset.ownJs);
}
