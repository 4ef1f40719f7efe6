import type { Bus, Topology } from '../../src/index.js';

/** One running bus of any transport, as the shared behaviours see it. */
export interface Fixture {
  readonly transport: 'memory' | 'nats' | 'port';
  /** A bus of its own as that user of the topology. */
  bus(user: string): Promise<Bus>;
  /** The transport dies without a word and comes back with what it kept. */
  restart(): Promise<void>;
  close(): Promise<void>;
}
export type OpenFixture = (topology: Topology, options?: { durable?: boolean }) => Promise<Fixture>;

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
export const textOf = (bytes: Uint8Array | null | undefined): string => new TextDecoder().decode(bytes ?? undefined);
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The code of the error that a promise ends with; 'none' when it succeeds. */
export async function codeOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
    return 'none';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}
