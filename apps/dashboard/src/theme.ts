import { byId } from './dom.js';

/** Follows the system until someone chooses; the choice stays. */
export function themeSwitch(onChange: () => void): void {
  const system = matchMedia('(prefers-color-scheme: light)');
  const button = byId('theme', HTMLButtonElement);
  const current = (): string => document.documentElement.dataset.theme ?? (system.matches ? 'light' : 'dark');
  const show = (): void => {
    button.textContent = current() === 'dark' ? 'Light' : 'Dark';
    button.setAttribute('aria-label', current() === 'dark' ? 'Switch to the light theme' : 'Switch to the dark theme');
    onChange();
  };
  button.addEventListener('click', () => {
    const next = current() === 'dark' ? 'light' : 'dark';
    document.documentElement.dataset.theme = next;
    try {
      localStorage.setItem('parallax-theme', next);
    } catch {
      // Without storage the choice holds until the page is left.
    }
    show();
  });
  system.addEventListener('change', show);
  show();
}
