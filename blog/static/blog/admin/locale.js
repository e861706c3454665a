// How dates, times and numbers are written on this page: as its language does. English is
// the one of the day before the month, as everywhere else at the desk.

const { lang } = document.documentElement;

export const locale = lang === "en" ? "en-GB" : lang || "en-GB";
