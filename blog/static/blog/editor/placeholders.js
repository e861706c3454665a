// What the styles show in places that are empty yet. Here, because a style sheet has no
// translations: each is a custom property, as CSS writes a string.
const WORDS = {
  "--say-more": gettext("more"),
  "--say-citation": gettext("who said it"),
  "--say-caption": gettext("Caption"),
  "--say-optional-caption": gettext("Caption (optional)"),
  "--say-note": gettext("Write the note; Enter goes on with the text"),
};

for (const [name, words] of Object.entries(WORDS)) {
  document.documentElement.style.setProperty(name, JSON.stringify(words));
}
