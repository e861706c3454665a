// What is shown of the edit lock: a line above the text, and two questions.

const button = ([label, act]) => {
  const element = document.createElement("button");
  element.type = "button";
  element.textContent = label;
  element.addEventListener("click", act);
  return element;
};

export const lockView = (place, choices) => {
  const bar = place.querySelector(".edit-lock-bar");
  const met = place.querySelector(".edit-lock-met");
  const ask = place.querySelector(".edit-lock-ask");

  place.addEventListener("click", (event) => choices[event.target.dataset.choice]?.());
  // By Escape too, however often it is pressed.
  met.addEventListener("close", choices.leaveOpen);
  ask.querySelector("[data-choice=stay]").addEventListener("click", () => ask.close());

  return {
    // What the page was sent with, if somebody was writing then.
    metSentence: bar.childElementCount ? met.querySelector("h2").textContent : "",

    // A sentence and buttons `[label, act]`; what stands there already is not said twice.
    say(sentence, ...buttons) {
      const shown = [sentence, ...buttons.map(([label]) => label)].join("\n");
      if (bar.dataset.shown === shown) return;
      bar.dataset.shown = shown;
      const said = document.createElement("span");
      said.textContent = sentence;
      bar.replaceChildren(...(sentence ? [said, ...buttons.map(button)] : []));
    },

    meet(sentence) {
      met.querySelector("h2").textContent = sentence;
      if (!met.open) met.showModal();
    },

    closeMet() {
      if (met.open) met.close();
    },

    askFirst(sentence, save) {
      ask.querySelector("h2").textContent = sentence;
      ask.querySelector("[data-choice=save]").onclick = () => {
        ask.close();
        save();
      };
      ask.showModal();
    },
  };
};
