// What the desk's pages can do besides: keys. Every act is a form of its own, and works without this file.
//   data-key="l"       the key that presses this button or link
//   data-go="a"        where g, then this key, leads
//   data-choose        radios within are chosen by 1 to 9
//   data-reload="5"    look again after so many seconds
(() => {
  "use strict";
  const all = (what, within = document) => [...within.querySelectorAll(what)];
  const typing = (at) => at.closest("input:not([type=radio], [type=checkbox]), select, textarea, [contenteditable]");
  let went = 0;

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    const key = event.key.toLowerCase();
    const going = Date.now() - went < 1500;
    went = key === "g" ? Date.now() : 0;
    const found = going
      ? document.querySelector(`[data-go="${CSS.escape(key)}"]`)
      : document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (found) { event.preventDefault(); found.click(); return; }
    if (key === "/") {
      const search = document.querySelector("input[type=search]");
      if (search) { event.preventDefault(); search.focus(); }
    } else if (/^[1-9]$/.test(key)) {
      const radio = all("[data-choose] input[type=radio]")[Number(key) - 1];
      if (radio) { radio.checked = true; radio.focus(); }
    }
  });

  const reload = document.querySelector("[data-reload]");
  if (reload) setTimeout(() => window.location.reload(), 1000 * Number(reload.dataset.reload));

  const problem = document.getElementById("problem");
  if (problem) problem.focus();
})();
