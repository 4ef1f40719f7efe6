/** Since when something stands that is looked at again and again: from the first look at which it did. */
export class Since {
  private standing = new Map<string, number>();

  /** Takes all that stands now; what is not among it does not stand any more. */
  look(keys: Iterable<string>, nowUs: number): (key: string) => number {
    const before = this.standing;
    this.standing = new Map([...keys].map((key) => [key, before.get(key) ?? nowUs]));
    return (key) => this.standing.get(key) ?? nowUs;
  }
}
