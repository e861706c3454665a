// Tells the page around how high this one is, and which link was pressed: a frame without
// rights can do neither itself. WordPress's pages ask for it by a secret in the address.
{
  const secret = new URLSearchParams(location.hash.replace(/^#\??/, "")).get("secret");
  if (secret && parent !== window) {
    const tell = (message, value) => parent.postMessage({ message, value, secret }, "*");
    const tellHeight = () => {
      tell("height", Math.ceil(document.body.getBoundingClientRect().height));
    };

    // A frame that nobody sees yet is not drawn, and is told of no size.
    tellHeight();
    addEventListener("load", tellHeight);
    new ResizeObserver(tellHeight).observe(document.body);
    addEventListener("message", ({ source, data }) => {
      if (source === parent && data?.message === "ready") tellHeight();
    });
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[href]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      tell("link", link.href);
    });
  }
}
