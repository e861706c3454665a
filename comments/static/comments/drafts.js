// What is typed stays in this browser for a week, or until the server has taken it.
//
// Each page open keeps its own, so that two tabs write over each other's text never:
// "draft POST ANSWERED PAGE" → {text, at}.

const WEEK = 7 * 24 * 3600 * 1000;
const page = Math.random().toString(36).slice(2);

export default function (form, { recall, keep, keys, say, told, wasTaken, place }) {
  const body = form.elements.namedItem("body");
  const parent = form.elements.namedItem("parent");
  const status = form.querySelector(".respond-status");
  const prefix = `draft ${form.dataset.post} `;
  const ownKey = (answered = parent.value) => `${prefix}${answered || 0} ${page}`;
  // Drafts of other pages whose text is in the box now: {key: text}.
  let adopted = {};

  const forget = (drafts) => {
    for (const [key, text] of Object.entries(drafts)) {
      // Unless the page it belongs to went on writing.
      if (text === null || recall(key)?.text === text) keep(key);
    }
  };
  const save = () => {
    forget(adopted);
    adopted = {};
    keep(ownKey(), body.value.trim() ? { text: body.value, at: Date.now() } : undefined);
  };
  const found = (answered) => {
    const drafts = [];
    for (const key of keys().filter((key) => key.startsWith("draft "))) {
      const { text, at } = recall(key, {});
      if (!(at > Date.now() - WEEK)) keep(key);
      else if (key.startsWith(prefix)) drafts.push({ key, text, at, answered: key.split(" ")[2] });
    }
    return drafts
      .filter((draft) => answered === undefined || draft.answered === (answered || "0"))
      .sort((one, other) => other.at - one.at)[0];
  };

  const restore = (draft, words) => {
    const link = document.querySelector(`.reply-link[data-key="${CSS.escape(draft.answered)}"]`);
    if (link && parent.value !== draft.answered) place(link);
    adopted[draft.key] = draft.text;
    body.value = draft.text;
    say(words);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.textContent = told("Discard it");
    button.addEventListener("click", () => {
      body.value = "";
      save();
      say("");
      body.focus();
    });
    status.append(" ", button);
  };

  // What was sent last from this tab. The server sends the writer on with a token
  // when it has taken it.
  const sent = recall("sent", {}, "sessionStorage");
  keep("sent", undefined, "sessionStorage");
  if (wasTaken) forget(sent);
  else if ("returned" in form.dataset) adopted = sent;

  const draft = wasTaken || "returned" in form.dataset ? null : found();
  if (draft && !body.value) {
    const isLost = draft.key in sent;
    restore(
      draft,
      isLost
        ? "Your comment may not have been sent. What you wrote is here; send it again."
        : "What you wrote here before is back.",
    );
  }

  body.addEventListener("input", save);
  if (body.value && !draft) save();
  form.addEventListener("moved", (event) => {
    if (!body.value.trim()) {
      const earlier = found(parent.value);
      if (earlier) restore(earlier, "What you wrote here before is back.");
    } else {
      keep(ownKey(event.detail.from));
      save();
    }
  });
  form.addEventListener("submit", () => {
    keep("sent", { ...adopted, [ownKey()]: null }, "sessionStorage");
  });
}
