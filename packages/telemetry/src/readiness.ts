/**
 * What a service needs before it can do its work, each with a sentence for people. `/healthz` asks whether the process
 * lives, `/readyz` whether nothing is missing here.
 */
export class Readiness {
  private readonly needs = new Map<string, string | null>();

  /** Something is missing, from the start or again; `sentence` says what and what would help. */
  lacks(name: string, sentence: string): void {
    this.needs.set(name, sentence);
  }

  has(name: string): void {
    this.needs.set(name, null);
  }

  get missing(): readonly string[] {
    return [...this.needs.values()].filter((sentence) => sentence !== null);
  }

  get ready(): boolean {
    return this.missing.length === 0;
  }

  /** Status and body of `/readyz`. */
  answer(): { readonly status: 200 | 503; readonly body: { readonly ready: boolean; readonly missing: readonly string[] } } {
    const { ready, missing } = this;
    return { status: ready ? 200 : 503, body: { ready, missing } };
  }
}
