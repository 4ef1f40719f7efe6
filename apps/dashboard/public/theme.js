// Runs before the first paint, so that nothing flashes: the chosen theme, else the system's.
document.documentElement.dataset.theme = matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark';
try {
  const chosen = localStorage.getItem('parallax-theme');
  if (chosen === 'dark' || chosen === 'light') document.documentElement.dataset.theme = chosen;
} catch {
  // Without storage the system's preference holds.
}
