/**
 * Takes a source text apart far enough for the rules: code with comments and the inside of texts blanked out (same
 * length, same lines), the texts, and the imports. Not a parser: what it must know is where code ends and text begins.
 */

const BEFORE_EXPRESSION = /(?:^|[([{,;=:!&|?+\-*%<>~^]|\b(?:return|typeof|case|in|of|do|else|void|throw|await|yield))\s*$/;

/** @returns {{ code: string, texts: { line: number, text: string }[] }} */
export function readSource(source) {
  const code = [...source];
  const texts = [];
  let at = 0;
  let line = 1;
  const depths = [];

  const blank = (from, to) => {
    for (let i = from; i < to; i++) if (code[i] !== '\n') code[i] = ' ';
  };
  const countLines = (from, to) => {
    for (let i = from; i < to; i++) if (code[i] === '\n') line++;
  };
  /** Reads a text from its opening quote; a template stops at `${`, whose code is read as code. */
  const readText = (from, quote) => {
    let i = from;
    while (i < code.length) {
      if (code[i] === '\\') i += 2;
      else if (code[i] === quote || (quote !== '`' && code[i] === '\n')) break;
      else if (quote === '`' && code[i] === '$' && code[i + 1] === '{') break;
      else i++;
    }
    texts.push({ line, text: code.slice(from, i).join('') });
    countLines(from, i);
    blank(from, i);
    return i;
  };
  const afterTemplateText = (end) => {
    if (code[end] === '$') {
      depths.push(0);
      return end + 2;
    }
    return end + 1;
  };

  while (at < code.length) {
    const character = code[at];
    const next = code[at + 1];
    if (character === '\n') {
      line++;
      at++;
    } else if (character === '/' && next === '/') {
      let end = at;
      while (end < code.length && code[end] !== '\n') end++;
      blank(at, end);
      at = end;
    } else if (character === '/' && next === '*') {
      let end = at + 2;
      while (end < code.length && !(code[end] === '*' && code[end + 1] === '/')) end++;
      countLines(at, end);
      blank(at, Math.min(end + 2, code.length));
      at = end + 2;
    } else if (character === "'" || character === '"') {
      at = readText(at + 1, character) + 1;
    } else if (character === '`') {
      at = afterTemplateText(readText(at + 1, '`'));
    } else if (character === '{' && depths.length > 0) {
      depths[depths.length - 1]++;
      at++;
    } else if (character === '}' && depths.length > 0) {
      if (depths[depths.length - 1] === 0) {
        depths.pop();
        at = afterTemplateText(readText(at + 1, '`'));
      } else {
        depths[depths.length - 1]--;
        at++;
      }
    } else if (character === '/' && BEFORE_EXPRESSION.test(code.slice(Math.max(0, at - 30), at).join(''))) {
      at = skipPattern(code, at, blank);
    } else {
      at++;
    }
  }
  return { code: code.join(''), texts };
}

/** Skips a regular expression that begins at `from`. */
function skipPattern(code, from, blank) {
  let inClass = false;
  let i = from + 1;
  for (; i < code.length && code[i] !== '\n'; i++) {
    if (code[i] === '\\') i++;
    else if (code[i] === '[') inClass = true;
    else if (code[i] === ']') inClass = false;
    else if (code[i] === '/' && !inClass) break;
  }
  blank(from + 1, i);
  return i + 1;
}

const IMPORT = /\b(?:import|export)\s+(?:type\s+)?(?:[\w*{}\s,$]*?\s*from\s*)?(['"])|\bimport\s*\(\s*(['"])/g;

/** @returns {{ line: number, from: string }[]} every import and re-export of a source. */
export function importsOf(source, code) {
  const found = [];
  for (const match of code.matchAll(IMPORT)) {
    const start = match.index + match[0].length;
    const quote = source[start - 1];
    const end = source.indexOf(quote, start);
    const line = source.slice(0, match.index).split('\n').length;
    found.push({ line, from: source.slice(start, end) });
  }
  return found;
}
