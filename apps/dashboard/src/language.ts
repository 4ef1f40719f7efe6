/**
 * Gives the page a language that Intl knows. A browser on a machine without one (LANG=C) names `en-US@posix`, which Intl
 * refuses by an error; the chart asks it as soon as it is loaded, so this module is imported first.
 */
try {
  Intl.getCanonicalLocales(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en-US' });
}
