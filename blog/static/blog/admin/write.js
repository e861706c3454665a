// The button says what it will do: a date to come makes "Publish" "Schedule".
"use strict";

const date = document.querySelector("input[name=published_at]");
const button = document.querySelector("input[name=_publish]");
if (date && button) {
  const label = () => {
    button.value = date.value && new Date(date.value) > new Date() ? "Schedule" : "Publish";
  };
  date.addEventListener("input", label);
  label();
}
