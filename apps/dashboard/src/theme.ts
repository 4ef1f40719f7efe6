import { byId } from './dom.js';

const KEY = 'parallax-theme';

/** Follows the system until someone chooses; the choice stays. public/theme.js has set the theme to begin with. */
export function themeSwitch(onChange: () => void): void {
  const system = matchMedia('(prefers-color-scheme: light)');
  const button = byId('theme', HTMLButtonElement);
  const { dataset } = document.documentElement;
  let chosen = stored() !== null;
  const show = (theme: string): void => {
    dataset.theme = theme;
    button.textContent = theme === 'dark' ? 'Light' : 'Dark';
    button.setAttribute('aria-label', theme === 'dark' ? 'Switch to the light theme' : 'Switch to the dark theme');
    onChange();
  };
  button.addEventListener('click', () => {
    const next = dataset.theme === 'dark' ? 'light' : 'dark';
    chosen = true;
    try {
      localStorage.setItem(KEY, next);
    } catch {
      // Without storage the choice holds until the page is left.
    }
    show(next);
  });
  system.addEventListener('change', () => {
    if (!chosen) show(system.matches ? 'light' : 'dark');
  });
  show(dataset.theme ?? 'dark');
}

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
