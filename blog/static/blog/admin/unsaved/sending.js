// A form goes to the server, and what came of it comes back in one of a few words.

const OUT =
  gettext("You are logged out. Log in in another tab and go on; your text is safe on this computer.");
const LOST = gettext("The server does not answer. Your text is safe on this computer.");
const FAULT = gettext("The server could not keep this just now. Your text is safe on this computer.");

export const token = () =>
  document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/)?.[1] ??
  document.querySelector("[name=csrfmiddlewaretoken]").value;

const ask = (url, options) =>
  fetch(url, { headers: { Accept: "application/json" }, redirect: "manual", ...options });

const isJSON = (response) => response.headers.get("Content-Type") === "application/json";

const post = (url, form, signal) => {
  const data = new FormData(form);
  data.set("csrfmiddlewaretoken", token());
  return ask(url, { method: "POST", body: data, signal });
};

// `{ state, sentence, answer }`; state is kept, out (logged out), elsewhere, refused or lost.
export const send = async (url, form, signal) => {
  let response;
  try {
    response = await post(url, form, signal);
    if (response.status === 403 && !isJSON(response)) {
      // The token is one of another login, or was lost: the server gives a new one.
      await ask(url);
      response = await post(url, form, signal);
    }
    if (response.type === "opaqueredirect" || (response.status === 403 && !isJSON(response)))
      return { state: "out", sentence: OUT };
    if (!isJSON(response)) return { state: "lost", sentence: FAULT };
    const answer = await response.json();
    if (response.ok) return { state: "kept", sentence: answer.sentence, answer };
    return { state: response.status === 409 ? "elsewhere" : "refused", sentence: answer.sentence };
  } catch {
    return { state: "lost", sentence: LOST };
  }
};
