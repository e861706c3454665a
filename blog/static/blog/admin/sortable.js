// Rows that change places: by dragging their handle, with finger or mouse, or with
// the arrow keys on it.

const ITEM = "[data-item]";

// `list` holds the rows; `name(row)` says what a row is called. Calls `moved(row)`
// when a row has come to rest. Returns a function that gives a new row its handle.
export function sortable(list, { name, moved }) {
  const rows = () => [...list.querySelectorAll(`:scope > ${ITEM}`)];

  const rename = (handle, row) => {
    handle.setAttribute("aria-label", interpolate(gettext("Move “%(name)s”, with the arrow keys too"), { name: name(row) }, true));
  };

  const step = (row, by) => {
    const others = rows();
    const target = others[others.indexOf(row) + by];
    if (!target) return;
    if (by < 0) target.before(row);
    else target.after(row);
    row.querySelector(".handle").focus();
    moved(row);
  };

  // Halfway over a neighbour, the row takes its place.
  const drag = (row, y) => {
    for (const other of rows()) {
      if (other === row) continue;
      const box = other.getBoundingClientRect();
      const isBelow = row.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING;
      const middle = box.top + box.height / 2;
      if (isBelow && y > middle) other.after(row);
      else if (!isBelow && y < middle) {
        other.before(row);
        return;
      }
    }
  };

  return (row) => {
    row.dataset.item = "";
    const handle = document.createElement("button");
    handle.type = "button";
    handle.className = "handle";
    handle.textContent = "⠿";
    rename(handle, row);
    handle.addEventListener("focus", () => rename(handle, row));
    handle.addEventListener("keydown", (event) => {
      const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!by) return;
      event.preventDefault();
      step(row, by);
    });
    handle.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      const before = rows().indexOf(row);
      const follow = (move) => drag(row, move.clientY);
      const end = () => {
        document.removeEventListener("pointermove", follow);
        row.classList.remove("dragged");
        if (rows().indexOf(row) !== before) moved(row);
      };
      row.classList.add("dragged");
      // The row is put elsewhere while it is dragged, and would lose its pointer.
      document.addEventListener("pointermove", follow);
      document.addEventListener("pointerup", end, { once: true });
      document.addEventListener("pointercancel", end, { once: true });
    });
    row.prepend(handle);
  };
}
