/** This browser's clock, in microseconds since the epoch: it runs evenly, and stands still while the machine sleeps. */
export const browserUs = (): number => Math.round((performance.timeOrigin + performance.now()) * 1000);

/** The time of day by this browser, in microseconds since the epoch: it goes on while the machine sleeps, and may be set. */
export const wallUs = (): number => Date.now() * 1000;

export const after = (delayMs: number, callback: () => void): void => void setTimeout(callback, delayMs);

/** How long ago something was, by the longer of both clocks: neither a sleep nor a clock that was set back makes it recent. */
export class Stopwatch {
  private evenUs = browserUs();
  private ofDayUs = wallUs();

  start(): void {
    this.evenUs = browserUs();
    this.ofDayUs = wallUs();
  }

  get us(): number {
    return Math.max(browserUs() - this.evenUs, wallUs() - this.ofDayUs);
  }
}
