// What is kept on this computer: one draft for each writer, page and window, so that two
// windows never write over each other. Of each, the values and, apart, what is about them.

const PREFIX = "quillback:draft:";
const ABOUT = ":about";
const SENT = "quillback:sent";
const KEEP_DAYS = 30;

// Not `crypto.randomUUID`: a blog on a home network may have no HTTPS.
const newId = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");

const read = (key) => {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
};

const write = (key, value) => {
  try {
    localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false; // full, or forbidden
  }
};

const remove = (key) => {
  try {
    localStorage.removeItem(key);
    localStorage.removeItem(key + ABOUT);
  } catch {
    // Where nothing can be kept, nothing is to be forgotten.
  }
};

export class Drafts {
  constructor(user) {
    this.window = newId();
    this.page = `${PREFIX}${user}:${location.pathname}:`;
    this.key = this.page + this.window;
    this.about = {};
    // Held for as long as this page lives, whatever ends it.
    navigator.locks?.request(this.key, () => new Promise(() => {}));
  }

  // Whether this computer keeps it now.
  keep(values) {
    this.about = { ...this.about, at: Date.now(), isSent: false };
    return write(this.key, values) && write(this.key + ABOUT, this.about);
  }

  // The server has it too.
  sent(copyAt) {
    this.about = { ...this.about, copyAt, isSent: true };
    if (read(this.key + ABOUT)) write(this.key + ABOUT, this.about);
  }

  forget(draft = this) {
    remove(draft.key);
  }

  // Those of windows that are not open any more, newest first.
  async left() {
    const locks = await navigator.locks?.query();
    const open = new Set(locks?.held.map((lock) => lock.name) ?? [this.key]);
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(this.page) && !key.endsWith(ABOUT) && !open.has(key))
      .map((key) => ({ key, window: key.slice(this.page.length), ...read(key + ABOUT), values: read(key) }))
      .filter((draft) => draft.values && draft.at)
      .sort((one, other) => other.at - one.at);
  }

  // The form is on its way: if it arrives, the next page says so.
  submitted() {
    try {
      sessionStorage.setItem(SENT, this.key);
    } catch {
      // Then it is offered once more than needed.
    }
  }
}

// Forget what the page before this one has stored, if it has, and what is old.
export const tidy = () => {
  try {
    const key = sessionStorage.getItem(SENT);
    sessionStorage.removeItem(SENT);
    if (key && document.querySelector(".messagelist .success")) remove(key);
    const before = Date.now() - KEEP_DAYS * 24 * 3600 * 1000;
    for (const name of Object.keys(localStorage)) {
      const isOld = name.startsWith(PREFIX) && name.endsWith(ABOUT) && read(name)?.at < before;
      if (isOld) remove(name.slice(0, -ABOUT.length));
    }
  } catch {
    // No storage, no drafts.
  }
};
