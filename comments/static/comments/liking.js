// Liking a post without leaving its page. Whatever goes wrong, the form is sent as it is.

const send = async (form, button) => {
  const answer = await fetch(form.action, {
    method: "POST",
    body: new URLSearchParams({ like: button.value }),
  });
  if (!answer.ok) throw new Error(answer.status);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.getElementById("likes").replaceWith(page.getElementById("likes"));
  document.querySelector(".like-form button").focus();
};

document.addEventListener("submit", (event) => {
  const form = event.target.closest(".like-form");
  if (!form) return;
  event.preventDefault();
  const button = form.querySelector("button");
  send(form, button).catch(() => {
    // `submit()` would leave the button's value out.
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "like", value: button.value });
    form.append(field);
    form.submit();
  });
});
