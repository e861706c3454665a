// A film or a sound is asked for when the reader asks: until then no other server is.

const ALLOWED = "autoplay; encrypted-media; fullscreen; picture-in-picture";
// Of a frame from another host: its own scripts and storage, and nothing of this page.
const SANDBOX = "allow-scripts allow-same-origin allow-popups allow-presentation";

const play = (stage) => {
  const frame = document.createElement("iframe");
  frame.title = stage.dataset.title;
  frame.allow = ALLOWED;
  frame.setAttribute("sandbox", SANDBOX);
  frame.allowFullscreen = true;
  // Some players refuse whoever does not say where they stand: the host, not the page.
  frame.referrerPolicy = "strict-origin-when-cross-origin";
  frame.src = stage.dataset.frame;
  stage.replaceChildren(frame);
  frame.focus();
};

const words = document.querySelector("script[data-play]")?.dataset;

for (const stage of document.querySelectorAll(".embed-stage[data-frame]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "embed-play";
  const verb = document.createElement("span");
  verb.textContent = words.play;
  const name = document.createElement("span");
  name.className = "visually-hidden";
  name.textContent = ` “${stage.dataset.title}”`;
  const where = document.createElement("small");
  where.textContent = ` ${words.loads.replace("HOST", stage.dataset.host)}`;
  button.append(verb, name, where);
  button.addEventListener("click", () => play(stage));
  stage.append(button);
  stage.classList.add("can-play");
}
