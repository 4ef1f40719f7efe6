/**
 * Clock and timers on which a second takes `factor` seconds of the machine. Who is given them holds its leases, keeps what
 * it knows fresh and sends its orders in time on a machine that is `factor` times slower, without another setting.
 */
export class SlowTime {
  private readonly originUs = Date.now() * 1000;
  private readonly begunMs = performance.now();

  constructor(private readonly factor: number) {}

  nowUs(): number {
    return this.originUs + Math.round(((performance.now() - this.begunMs) * 1000) / this.factor);
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = setTimeout(callback, Math.max(0, delayMs) * this.factor);
    return () => clearTimeout(timer);
  }
}
