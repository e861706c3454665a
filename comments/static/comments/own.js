// One's own comments: the page is the same for everybody, so this browser remembers
// which are the visitor's, and offers to edit them while that can be done.

const KEPT = "own comments";

const recall = () => {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
};
const keep = (links) => {
  try {
    if (Object.keys(links).length) localStorage.setItem(KEPT, JSON.stringify(links));
    else localStorage.removeItem(KEPT);
  } catch {
    // The browser keeps nothing: the address has the link all the same.
  }
};

const offer = (entry, address) => {
  const line = document.createElement("p");
  const link = document.createElement("a");
  line.className = "own-links";
  link.href = address;
  const { own } = JSON.parse(document.getElementById("responses").dataset.words);
  link.textContent = own ?? "Edit or withdraw";
  line.append(link);
  entry.append(line);
};

const links = recall();
const given = document.querySelector("[data-own]");
if (given) links[given.dataset.own] = [given.getAttribute("href"), given.dataset.until];
for (const [key, [address, until]] of Object.entries(links)) {
  const response = document.getElementById(`comment-${key}`);
  if (!(Date.parse(until) > Date.now())) delete links[key];
  else if (response && !response.matches(".is-gone") && given?.dataset.own !== key) {
    if (address.startsWith("/comments/own/")) offer(response.firstElementChild, address);
  }
}
keep(links);

// What people copy is the clean address; a held comment is seen with the token only.
const clean = new URL(location);
const shown = location.hash && document.getElementById(location.hash.slice(1));
if (clean.searchParams.has("own") && shown && !shown.matches(".is-held")) {
  clean.searchParams.delete("own");
  history.replaceState(history.state, "", clean);
}
