// Finds the number whose SHA-256 with the salt is the given one (ALTCHA, version 1).

const BATCH = 500;
const encoder = new TextEncoder();

const hex = (bytes) =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
const digest = async (text) =>
  hex(await crypto.subtle.digest("SHA-256", encoder.encode(text)));

const solve = async ({ salt, challenge, maxNumber }) => {
  for (let start = 0; start <= maxNumber; start += BATCH) {
    const numbers = Array.from({ length: BATCH }, (_, offset) => start + offset);
    const digests = await Promise.all(numbers.map((number) => digest(`${salt}${number}`)));
    const at = digests.indexOf(challenge);
    if (at !== -1) return start + at;
    if (start % 25_000 === 0) postMessage({ done: start / maxNumber });
  }
  return null;
};

onmessage = async ({ data }) => postMessage({ number: await solve(data) });
