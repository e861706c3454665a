// A new post has an address as soon as the server keeps it: a browser that comes back
// opens it there.
export const takeAddress = (key) => {
  const query = new URLSearchParams(location.search);
  if (query.has("key")) return;
  query.set("key", key);
  history.replaceState(history.state, "", `?${query}`);
};
