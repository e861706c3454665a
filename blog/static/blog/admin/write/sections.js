// What one opened in the panel stays open, on this computer.

const KEY = "quillback:sections";
const sections = document.querySelectorAll(".panel > .section");

const read = () => {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
};

const remember = (section, isOpen) => {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...read(), [section.id]: isOpen }));
  } catch {
    // It is full or forbidden: the next page opens as it comes.
  }
};

// Where one is led to is open, whatever one closed.
const openLinked = () => {
  const target = document.getElementById(location.hash.slice(1));
  const section = target?.closest(".panel > .section");
  if (!section) return;
  section.open = true;
  target.scrollIntoView({ block: "nearest" });
};

const opened = read();
for (const section of sections) {
  const hasFault = section.querySelector(".errorlist");
  if (section.id in opened && !hasFault) section.open = opened[section.id];
  section.querySelector("summary").addEventListener("click", () => {
    // The click opens or closes it only after this.
    remember(section, !section.open);
  });
}
openLinked();
window.addEventListener("hashchange", openLinked);
