// The buttons of the rows without a new page: the row folds away to one sentence
// with an Undo in its place.

const form = document.getElementById("changelist-form");
const told = form.querySelector(".told");
const table = form.querySelector("table.queue");
const GONE = gettext("Your answer did not reach the blog. Nothing was changed; try it again.");

const say = (sentence, isError = false) => {
  told.textContent = sentence;
  told.classList.toggle("error", isError);
};

const press = async (button) => {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.elements.namedItem("csrfmiddlewaretoken").value);
  body.set("seen", form.elements.namedItem("seen").value);
  if (button.name) body.set(button.name, button.value);
  button.disabled = true;
  try {
    const response = await fetch(button.formAction, {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
      redirect: "manual",
    });
    if (response.headers.get("Content-Type") !== "application/json") {
      return { isRefused: true, sentence: gettext("You may not do that any more. Open the page again and log in.") };
    }
    return { isRefused: !response.ok, ...(await response.json()) };
  } catch {
    return { isRefused: true, sentence: GONE };
  } finally {
    button.disabled = false;
  }
};

const recount = (counts = {}) => {
  for (const [state, count] of Object.entries(counts)) {
    const shown = document.querySelector(`.tabs .count[data-state="${state}"]`);
    if (shown) shown.textContent = count;
  }
};

const tell = (row, name) => row?.dispatchEvent(new CustomEvent(name, { bubbles: true }));

const fold = (row, answer) => {
  const line = document.createElement("tr");
  line.className = "folded";
  const cell = line.insertCell();
  cell.colSpan = 4;
  cell.append(`${answer.sentence} `);
  if (answer.batch) {
    const undo = document.createElement("button");
    Object.assign(undo, { type: "submit", className: "undo", name: "undo", value: answer.batch, textContent: gettext("Undo") });
    undo.setAttribute("formaction", form.elements.namedItem("next").dataset.undo);
    cell.append(undo);
  }
  const tick = row.querySelector(".action-select");
  if (tick.checked) tick.click();
  tick.disabled = true;
  row.after(line);
  row.hidden = true;
  tell(row, "row:gone");
};

const unfold = (row) => {
  if (!row?.hidden) return;
  row.nextElementSibling.remove();
  row.querySelector(".action-select").disabled = false;
  row.hidden = false;
  tell(row, "row:back");
};

const settle = (row, answer) => {
  const folds = !answer.isRefused && row && answer.batch;
  say(answer.sentence, answer.isRefused);
  // Read out, but not to be seen twice.
  told.classList.toggle("visually-hidden", Boolean(folds));
  recount(answer.counts);
  if (folds) fold(row, answer);
};

form.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-verb], button[name=undo]");
  if (!button || !table) return;
  event.preventDefault();
  const row = button.closest("tr.row");
  const answer = await press(button);
  settle(button.name === "undo" ? null : row, answer);
  if (button.name !== "undo" || answer.isRefused) return;
  const lines = form.querySelectorAll(`.folded button[value="${answer.undone}"]`);
  for (const line of lines) unfold(line.closest("tr").previousElementSibling);
});

form.addEventListener("reply:sent", (event) => settle(event.target.closest("tr.row"), event.detail));
