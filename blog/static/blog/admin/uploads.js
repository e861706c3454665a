// Files on their way into the library. One after the other, whoever sends them: two
// that are the same would pass each other unseen.
const waiting = [];
const onTheWay = new Set();
let isRunning = false;

const LOST = gettext("The connection was lost. Send it again.");
const OUT = gettext("You are logged out. Log in in another tab, and send it again.");
const RESTING = gettext("The blog could not take it just now. Send it again in a while.");

const refused = (words) => ({ state: "refused", words });

/** What the write page says of the library and of the one who writes. */
export const desk = () =>
  document.querySelector("[data-media-choices], [data-media-refusal]")?.dataset ?? {};

/** Whether some file is still to arrive. */
export const isBusy = () => onTheWay.size > 0;

/** Resolves once none is, and who waited for each has dealt with it. */
export const settled = async () => {
  while (isBusy()) await Promise.race([...onTheWay].map((job) => job.done));
  await new Promise((resolve) => setTimeout(resolve));
};

const understood = (request) => {
  try {
    return JSON.parse(request.responseText).files[0];
  } catch {
    return refused(request.responseURL.includes("/login") ? OUT : RESTING);
  }
};

const next = () => {
  if (isRunning || !waiting.length) return;
  isRunning = true;
  waiting.shift().start(() => {
    isRunning = false;
    next();
  });
};

/**
 * Send a file. `done` is a promise of what the server says of it, `files[0]` of its
 * answer; it is never rejected, and null once `cancel` was called.
 */
export const send = (file, { url, maxBytes, onProgress = () => {} }) => {
  const request = new XMLHttpRequest();
  const { promise: done, resolve } = deferred();
  const job = {
    start(then) {
      const data = new FormData();
      data.append("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
      data.append("file", file);
      request.upload.addEventListener("progress", (event) => onProgress(event.loaded / event.total));
      request.addEventListener("load", () => settle(understood(request)));
      request.addEventListener("error", () => settle(refused(LOST)));
      request.addEventListener("loadend", then);
      request.open("POST", url);
      request.setRequestHeader("Accept", "application/json");
      request.send(data);
    },
  };
  job.done = done;
  const settle = (result) => {
    onTheWay.delete(job);
    resolve(result);
  };
  onTheWay.add(job);
  if (file.size > maxBytes) {
    settle(refused(interpolate(gettext("The file is larger than %(limit)s MB."), { limit: Math.round(maxBytes / 2 ** 20) }, true)));
  } else {
    waiting.push(job);
    next();
  }
  const cancel = () => {
    const place = waiting.indexOf(job);
    if (place >= 0) waiting.splice(place, 1);
    else request.abort();
    settle(null);
  };
  return { done, cancel };
};

const deferred = () => {
  let resolve;
  const promise = new Promise((settle) => (resolve = settle));
  return { promise, resolve };
};
