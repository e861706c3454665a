// What the write page does beyond its form. Each part works alone.
import "./keys.js";
import "./labels.js";
import "./sections.js";
import "./menu.js";
import "./text.js";
import "./address.js";
import "./dates.js";
import "./elsewhere.js";
import "./excerpt.js";
import "./lengths.js";
