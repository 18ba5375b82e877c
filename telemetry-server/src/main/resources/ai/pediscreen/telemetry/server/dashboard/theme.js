// Loaded before anything is painted, so that a chosen theme does not flash.
'use strict';
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem('pediscreen-theme');
  } catch {
    // Without storage the page follows the system.
  }
  if (chosen === 'dark' || chosen === 'light') {
    document.documentElement.dataset.theme = chosen;
  }
})();
