// Shows how a comment will look while it is typed and the preview is open.

const PAUSE = 400;

export default function (form, { say }) {
  const body = form.elements.namedItem("body");
  const details = form.querySelector(".live-preview");
  const shown = details.querySelector(".shown");
  let timer = null;
  let asked = 0;

  const show = async () => {
    const turn = ++asked;
    const response = await fetch(form.dataset.previewUrl, {
      method: "POST",
      body: new URLSearchParams({
        body: body.value,
        language: document.documentElement.lang,
      }),
    }).catch(() => null);
    // An answer that was overtaken is not shown.
    if (turn !== asked) return;
    if (response?.ok) shown.innerHTML = await response.text();
    else if (response?.status < 500) shown.textContent = await response.text();
    else say("The preview could not be made just now. What you wrote is safe.");
  };
  const later = () => {
    clearTimeout(timer);
    if (details.open) timer = setTimeout(show, PAUSE);
  };

  body.addEventListener("input", later);
  details.addEventListener("toggle", later);
  if (details.open) show();
}
