// The proof of work: the browser solves a small puzzle, which costs a visitor nothing
// and a robot with thousands of comments a lot.

export default function (form, { say }) {
  const puzzle = JSON.parse(form.dataset.puzzle);
  const proof = form.elements.namedItem("proof");
  // Asked for beforehand, it is nothing to talk about.
  const isTold = "returned" in form.dataset;
  let isDone = false;
  let waiting = null;
  const tell = (words, part) => (isTold || waiting) && say(words, part);

  const giveUp = () => {
    isDone = true;
    say("Your browser can’t solve the puzzle here. Send your comment all the same: somebody looks at it first.");
    if (form.querySelector("[name=unproven]")) return;
    const unproven = document.createElement("input");
    Object.assign(unproven, { type: "hidden", name: "unproven", value: "1" });
    form.append(unproven);
  };
  const finish = (number) => {
    const { algorithm, challenge, salt, signature } = puzzle;
    proof.value = btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }));
    proof.disabled = false;
    isDone = true;
    tell("The puzzle is solved: you can send your comment now.");
    waiting?.();
  };

  form.addEventListener(
    "submit",
    (event) => {
      if (isDone || event.submitter?.name === "unproven") return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const { submitter } = event;
      waiting = () => form.requestSubmit(submitter);
      say("One moment: your browser is solving a small puzzle. Then your comment is sent.");
    },
    { capture: true },
  );

  // Only an encrypted page, or this machine, has what it takes.
  if (!window.isSecureContext || !window.Worker) {
    giveUp();
    return;
  }
  const worker = new Worker(form.dataset.workerJs, { type: "module" });
  worker.onerror = giveUp;
  worker.onmessage = ({ data }) => {
    if (data.number === undefined) {
      tell("Your browser is solving a small puzzle: %s % tried.", Math.round(data.done * 100));
      return;
    }
    worker.terminate();
    if (data.number === null) giveUp();
    else finish(data.number);
  };
  worker.postMessage(puzzle);
}
