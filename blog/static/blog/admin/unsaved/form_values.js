// What stands in a form, by name: a list of strings each, as the form would send it.

// What a form was opened with, and who writes; not what was written.
const ABOUT = new Set([
  "csrfmiddlewaretoken", "writer", "copy_key", "copy_at", "window", "as_html", "kept_at", "read_at",
]);

// A form that is only looked at is frozen: it would send less than stands in it.
const frozen = (form) =>
  Array.from(form.elements)
    .filter((field) => field.disabled && field.name)
    .filter((field) => field.checked || field.type.startsWith("select"))
    .map((field) => [field.name, field.value]);

export const valuesOf = (form) => {
  const values = {};
  for (const [name, value] of [...new FormData(form), ...frozen(form)]) {
    // Buttons begin with "_"; files cannot be kept.
    if (typeof value === "string" && !name.startsWith("_")) (values[name] ??= []).push(value);
  }
  delete values.csrfmiddlewaretoken;
  return values;
};

export const isFrozen = (form) => ["met", "looking"].includes(form.dataset.lock);

const written = (values) =>
  JSON.stringify(
    Object.keys(values)
      .filter((name) => !ABOUT.has(name))
      .sort()
      .map((name) => [name, values[name].map((text) => text.replaceAll("\r\n", "\n"))]),
  );

export const areSame = (one, other) => written(one) === written(other);

// Ask for the page anew, filled with `values`. Nothing is stored by it.
export const openWith = (values, token) => {
  const form = document.createElement("form");
  form.method = "post";
  const fields = { ...values, csrfmiddlewaretoken: [token], _restore: ["1"] };
  for (const [name, texts] of Object.entries(fields)) {
    for (const text of texts) {
      const field = document.createElement("textarea");
      field.name = name;
      field.value = text;
      form.append(field);
    }
  }
  form.hidden = true;
  document.body.append(form);
  form.submit();
};
