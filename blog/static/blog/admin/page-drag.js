// A page is dragged to where it shall stand: before or after another, or below it.
// The buttons in each row do the same by steps, with keys and without this.

const list = document.querySelector("#result_list tbody");
const token = document.querySelector("#changelist-form [name=csrfmiddlewaretoken]");
const EDGE = 60; // pixels at the window's end where it scrolls along
const rowOf = (mark) => mark.closest("tr");
const level = (row) => Number(row.querySelector("[data-page]").dataset.level);

// A page can't stand below itself: its own branch is no target.
const branch = (row) => {
  const rows = [row];
  for (let next = row.nextElementSibling; next; next = next.nextElementSibling) {
    if (level(next) <= level(row)) break;
    rows.push(next);
  }
  return new Set(rows);
};

const placeAt = (y, own) => {
  for (const row of list.rows) {
    const box = row.getBoundingClientRect();
    if (y < box.top || y > box.bottom) continue;
    if (own.has(row)) return null;
    const part = (y - box.top) / box.height;
    const where = part < 0.3 ? "before" : part > 0.7 ? "after" : "below";
    return { row, where };
  }
  return null;
};

const unmark = () => {
  for (const row of list.rows) delete row.dataset.drop;
};

const send = (mark, place) => {
  const form = document.createElement("form");
  form.method = "post";
  form.action = mark.dataset.move;
  form.hidden = true;
  const target = place.row.querySelector("[data-page]").dataset.page;
  const values = { csrfmiddlewaretoken: token.value, where: place.where, target };
  for (const [name, value] of Object.entries(values)) {
    form.append(Object.assign(document.createElement("input"), { name, value }));
  }
  document.body.append(form);
  form.submit();
};

const drag = (mark, start) => {
  const own = branch(rowOf(mark));
  let place = null;
  const follow = (event) => {
    unmark();
    place = placeAt(event.clientY, own);
    if (place) place.row.dataset.drop = place.where;
    if (event.clientY < EDGE) window.scrollBy(0, -EDGE / 4);
    if (event.clientY > window.innerHeight - EDGE) window.scrollBy(0, EDGE / 4);
  };
  const stop = new AbortController();
  const end = (event) => {
    stop.abort();
    unmark();
    for (const row of own) row.classList.remove("dragged");
    if (event.type === "pointerup" && place) send(mark, place);
  };
  for (const row of own) row.classList.add("dragged");
  const { signal } = stop;
  document.addEventListener("pointermove", follow, { signal });
  document.addEventListener("pointerup", end, { signal });
  document.addEventListener("pointercancel", end, { signal });
  document.addEventListener("keydown", (event) => event.key === "Escape" && end(event), { signal });
  start.preventDefault();
};

for (const mark of list?.querySelectorAll("[data-move]") ?? []) {
  const handle = document.createElement("span");
  handle.className = "handle";
  handle.title = gettext("Drag it to where it shall stand");
  handle.textContent = "⠿";
  handle.setAttribute("aria-hidden", "true");
  handle.addEventListener("pointerdown", (event) => {
    if (!event.button) drag(mark, event);
  });
  mark.prepend(handle);
}
