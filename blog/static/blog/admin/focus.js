// The focal point: a click on the picture fills the two fields below it.
const picture = document.querySelector("[data-focus]");
const across = document.querySelector("#id_focal_x");
const down = document.querySelector("#id_focal_y");

if (picture && across && down) {
  const image = picture.querySelector("img");
  const mark = picture.querySelector(".focus-mark");

  const show = () => {
    mark.hidden = false;
    mark.style.left = `${across.value * 100}%`;
    mark.style.top = `${down.value * 100}%`;
  };
  const part = (at, begin, length) =>
    Math.min(1, Math.max(0, (at - begin) / length)).toFixed(2);

  picture.classList.add("is-clickable");
  document.querySelector(".focus-help").hidden = false;
  for (const field of [across, down]) {
    field.step = "0.01";
    field.addEventListener("input", show);
  }
  image.addEventListener("click", (event) => {
    const box = image.getBoundingClientRect();
    across.value = part(event.clientX, box.left, box.width);
    down.value = part(event.clientY, box.top, box.height);
    show();
  });
  show();
}
