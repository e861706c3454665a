// One window writes at a time. While this page is open it says so every few seconds;
// who comes second is asked what to do, and who was taken over from is told.
import { freeze } from "./freezing.js";
import { lockView } from "./lock-view.js";

const BEAT_MS = 15_000;
const WINDOW_KEY = "quillback:window";
const KEPT = gettext("What you wrote until then is kept.");

const keepWatch = (place, writing) => {
  // The page before in this tab. It is noted only between two pages: a tab that was
  // duplicated does not take itself for the first one.
  let before = "";
  // asking, own, met (the question is open), looking, lost
  let state = "asking";
  let saidLost = "";
  let isAsked = false;

  const about = (wish) => {
    const data = new FormData();
    data.set("csrfmiddlewaretoken", writing.elements.csrfmiddlewaretoken.value);
    data.set("window", place.dataset.window);
    data.set("before", before);
    if (wish) data.set("do", wish);
    return data;
  };

  // Others on this page listen: nothing is kept over a text that went on elsewhere.
  const become = (next) => {
    state = next;
    writing.dataset.lock = next;
    freeze(writing, next === "looking" || next === "met");
    document.dispatchEvent(new CustomEvent("quillback:lock", { detail: { state } }));
  };

  const take = () => beat("take");
  const look = () => {
    view.closeMet();
    become("looking");
    again();
  };
  const view = lockView(place, { take, look, leaveOpen: () => state === "met" && look() });

  const own = (answer) => {
    const wasElsewhere = state === "met" || state === "looking";
    view.closeMet();
    if (state === "lost") view.say(`${saidLost} ${gettext("It is yours again.")} ${KEPT}`);
    if (wasElsewhere) view.say("");
    become("own");
    // What is shown here is older than what was saved until this moment.
    if (wasElsewhere && answer.savedAt !== writing.elements.read_at.value) location.reload();
  };

  const other = (answer) => {
    if (state === "own") {
      saidLost = answer.lost;
      become("lost");
    }
    if (state === "lost") {
      view.say(`${saidLost} ${KEPT}`, [gettext("Take it back"), take]);
    } else if (state === "looking") {
      view.say(answer.met, [gettext("Take over"), take]);
    } else {
      view.say("");
      view.meet(answer.met);
      if (state !== "met") become("met");
    }
  };

  const free = () => {
    if (state === "looking") view.say(gettext("Nobody is writing this any more."), [gettext("Write"), take]);
    else beat();
  };

  // Lost connections and logins are for those to say who store what is typed.
  const beat = async (wish = "") => {
    try {
      const body = about(wish);
      const response = await fetch(place.dataset.address, { method: "POST", body, redirect: "manual" });
      if (!response.ok) return;
      const answer = await response.json();
      ({ own, other, free })[answer.state](answer);
    } catch {
      // The next one may get through.
    }
  };

  const again = () => beat(["met", "looking", "lost"].includes(state) ? "look" : "");

  const arrive = () => {
    before = sessionStorage.getItem(WINDOW_KEY) ?? "";
    sessionStorage.removeItem(WINDOW_KEY);
    again();
  };

  document.addEventListener(
    "submit",
    (event) => {
      const isSaving = event.target === writing && !event.submitter?.hasAttribute("formaction");
      if (!isSaving || state !== "lost" || isAsked) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      view.askFirst(saidLost, () => {
        isAsked = true;
        writing.requestSubmit(event.submitter);
        isAsked = false;
      });
    },
    true,
  );

  window.addEventListener("pagehide", () => {
    sessionStorage.setItem(WINDOW_KEY, place.dataset.window);
    // Who leaves before the answer may have got it all the same.
    if (state === "own" || state === "asking") navigator.sendBeacon(place.dataset.address, about("leave"));
  });
  window.addEventListener("pageshow", (event) => event.persisted && arrive());
  window.addEventListener("online", again);
  document.addEventListener("visibilitychange", () => document.hidden || again());
  setInterval(again, BEAT_MS);

  // Known already when the page came: the question need not wait for an answer.
  if (view.metSentence) other({ met: view.metSentence });
  arrive();
};

const place = document.querySelector(".edit-lock");
const writing = document.querySelector(".write #content-main > form[id]");
if (place && writing) keepWatch(place, writing);
