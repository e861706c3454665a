// The form of the write page, for whoever needs it.
export const form = document.querySelector(".write #content-main > form");
export const date = form?.querySelector("input[name=published_at]");
