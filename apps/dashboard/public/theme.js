// Runs before the first paint, so that a chosen theme does not flash.
try {
  const chosen = localStorage.getItem('parallax-theme');
  if (chosen === 'dark' || chosen === 'light') document.documentElement.dataset.theme = chosen;
} catch {
  // Without storage the system's preference holds.
}
