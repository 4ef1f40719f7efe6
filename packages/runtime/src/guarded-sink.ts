import type { ServiceWatch } from './service.js';

/**
 * What a core tells its shell by, whose methods never throw: a core that is in the middle of its work goes on with it, and is whole
 * afterwards. What `sink` throws goes to `failed`, with the method's name. For sinks that are called seldom; of at most two parameters.
 */
export function guardedSink<Sink extends object>(sink: Sink, methods: readonly (keyof Sink & string)[], failed: ServiceWatch['failed']): Sink {
  const guarded: Partial<Record<string, (first: unknown, second: unknown) => void>> = {};
  for (const method of methods) {
    guarded[method] = (first, second) => {
      try {
        (sink[method] as (first: unknown, second: unknown) => void)(first, second);
      } catch (error) {
        failed(error, method);
      }
    };
  }
  return guarded as Sink;
}
