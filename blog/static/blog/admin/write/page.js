// What the write page does beyond its form. Each part works alone.
import "./labels.js";
import "./sections.js";
import "./menu.js";
import "./text.js";
