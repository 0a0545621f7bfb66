// Lets ages grow and tells when nothing has been heard for five seconds. No data of its own.
"use strict";
(() => {
  const told = document.documentElement.dataset;
  const mark = document.getElementById("mark");
  const text = document.getElementById("mark-text");
  let heard = Date.now();
  let clock = document.getElementById("clock").textContent;
  // The server's clock beside ours: ages are by the server's.
  let ahead = 0;

  const span = (seconds) => {
    if (seconds < 1) return told.just;
    const [unit, size] = seconds >= 172800 ? ["d", 86400]
      : seconds >= 7200 ? ["h", 3600]
      : seconds >= 60 ? ["min", 60] : ["s", 1];
    return told[unit].replace("{c}", String(Math.floor(seconds / size)));
  };

  const tick = () => {
    const silent = Math.max(0, Math.floor((Date.now() - heard) / 1000));
    const stale = silent >= 5;
    document.body.classList.toggle("stale", stale);
    mark.classList.toggle("stale", stale);
    const words = stale ? told.stale.replace("{t}", clock)
      : silent ? told.live.replace("{t}", span(silent)) : told.now;
    if (text.textContent !== words) text.textContent = words;
    for (const age of document.querySelectorAll("time[data-ago]")) {
      const since = (Date.now() + ahead - Date.parse(age.dateTime)) / 1000;
      const shown = span(Math.max(0, Math.floor(since)));
      if (age.textContent !== shown) age.textContent = shown;
    }
  };

  document.body.addEventListener("htmx:sseMessage", (message) => {
    heard = Date.now();
    if (message.detail.type === "beat") clock = document.getElementById("clock").textContent;
  });
  const made = document.getElementById("live").dataset.now;
  if (made) ahead = Date.parse(made) - Date.now();
  setInterval(tick, 1000);
  tick();
})();
