// Before the first paint: the theme this person chose, else the system's.
(() => {
  let chosen = null;
  try { chosen = localStorage.getItem("theme"); } catch (error) { /* private mode: nothing kept */ }
  if (chosen) document.documentElement.dataset.theme = chosen;
})();
