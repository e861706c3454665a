// What a post's page does better with scripts: handing it on, and its contents.

const share = document.querySelector(".share");
if (share) {
  const { title, url } = share.dataset;
  const copy = share.querySelector(".share-copy");
  const sheet = share.querySelector(".share-sheet");
  if (navigator.clipboard) {
    const words = copy.textContent;
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(url);
      copy.textContent = copy.dataset.done;
      setTimeout(() => (copy.textContent = words), 4000);
    });
  }
  if (navigator.share && navigator.canShare?.({ title, url })) {
    sheet.hidden = false;
    // Who closes the sheet again has not failed.
    sheet.addEventListener("click", () => navigator.share({ title, url }).catch(() => {}));
  }
}

// In the margin they are always shown: who hears the page is told so, too.
const contents = document.querySelector(".contents details");
if (contents && matchMedia("(min-width: 72rem)").matches) contents.open = true;
