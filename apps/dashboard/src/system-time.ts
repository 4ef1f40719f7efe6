/** This browser's clock, in microseconds since the epoch. */
export const browserUs = (): number => Math.round((performance.timeOrigin + performance.now()) * 1000);

export const after = (delayMs: number, callback: () => void): void => void setTimeout(callback, delayMs);
