// Light or dark as the reader chose, else as the device says. It stands in the head and
// is waited for, so that no page is seen in the other one first.
{
  const KEY = "scheme";
  const root = document.documentElement;

  const recall = () => {
    try {
      const kept = localStorage.getItem(KEY);
      return kept === "light" || kept === "dark" ? kept : "";
    } catch {
      return ""; // the browser keeps nothing
    }
  };
  const show = (scheme) => {
    root.dataset.scheme = scheme;
    // What the browser paints around the page goes along.
    for (const meta of document.querySelectorAll("meta[data-scheme]")) {
      const own = meta.dataset.scheme;
      meta.media = scheme ? (own === scheme ? "all" : "not all") : `(prefers-color-scheme: ${own})`;
    }
    for (const input of document.getElementsByName(KEY)) input.checked = input.value === scheme;
  };
  const showKept = () => show(recall());

  showKept();
  document.addEventListener("DOMContentLoaded", showKept);
  // A page that was gone back to may be from before the choice.
  addEventListener("pageshow", (event) => event.persisted && showKept());
  addEventListener("storage", showKept);
  document.addEventListener("change", ({ target }) => {
    if (target.name !== KEY) return;
    show(target.value);
    try {
      if (target.value) localStorage.setItem(KEY, target.value);
      else localStorage.removeItem(KEY);
    } catch {
      // It holds for this page alone.
    }
  });
}
