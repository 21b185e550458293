// Runs before the first paint, so that a dark kitchen is never flashed with a light page.
// A kitchen screen without a choice of its own is dark; every other page follows the device.
(function () {
  var chosen = null;
  var language = null;
  try {
    chosen = localStorage.getItem('outlet.theme');
    language = localStorage.getItem('outlet.language');
  } catch {
    // Storage is closed to us: the defaults below stand.
  }
  var root = document.documentElement;
  var dark =
    chosen === 'dark' ||
    (chosen !== 'light' &&
      (/^\/kitchen(\/|$)/.test(location.pathname) || matchMedia('(prefers-color-scheme: dark)').matches));
  root.dataset.theme = dark ? 'dark' : 'light';
  if (language === 'en' || language === 'id') root.lang = language;
})();
