/** The page's own element, checked to be of its kind. */
export function byId(id: string): HTMLElement;
export function byId<T extends HTMLElement>(id: string, kind: abstract new () => T): T;
export function byId(id: string, kind: abstract new () => HTMLElement = HTMLElement): HTMLElement {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no ${kind.name} #${id}`);
  return found;
}

type Child = Node | string;

/** An element with a class and children; text is always text, never HTML. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className = '',
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

/** Sets text only where it differs, so that selections and screen readers are left alone. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
export function setClass(element: Element, className: string): void {
  if (element.className !== className) element.className = className;
}

export interface Row<T> {
  readonly element: HTMLElement;
  update(value: T): void;
}

/** Keeps a parent's children in step with a list by key: rows are made once, moved and updated, never rebuilt. */
export class KeyedRows<T> {
  private readonly rows = new Map<string, Row<T>>();

  constructor(
    private readonly parent: HTMLElement,
    private readonly keyOf: (value: T) => string,
    private readonly create: (value: T) => Row<T>,
    private readonly whenEmpty = '',
  ) {}

  show(values: readonly T[], whenEmpty = this.whenEmpty): void {
    const wanted = new Set<string>();
    let next = this.parent.firstElementChild;
    for (const value of values) {
      const key = this.keyOf(value);
      wanted.add(key);
      let row = this.rows.get(key);
      if (!row) {
        row = this.create(value);
        this.rows.set(key, row);
      }
      row.update(value);
      if (row.element === next) next = next.nextElementSibling;
      else this.parent.insertBefore(row.element, next);
    }
    for (const [key, row] of this.rows) {
      if (wanted.has(key)) continue;
      row.element.remove();
      this.rows.delete(key);
    }
    this.showEmpty(values.length === 0 ? whenEmpty : '');
  }

  private showEmpty(text: string): void {
    const shown = this.parent.querySelector(':scope > .empty');
    if (text === '') shown?.remove();
    else if (shown) setText(shown, text);
    else this.parent.append(make(this.parent.tagName === 'UL' ? 'li' : 'p', 'empty', text));
  }
}
