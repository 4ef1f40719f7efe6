import { decodeJson, subjects, traceKeepSchema } from '@parallax/wire';
import type { ServiceContext } from './service.js';

/** Writes the service's spans of frames whenever a signal names them. Returns what ends it. */
export function followTraces({ bus, tracing, log }: Pick<ServiceContext, 'bus' | 'tracing' | 'log'>): () => void {
  if (!tracing) return () => {};
  const subscription = bus.subscribe(subjects.traceKeep(), ({ bytes }) => {
    try {
      tracing.keep(decodeJson(traceKeepSchema, bytes));
    } catch (error) {
      log.warn('frames to keep cannot be read', { error: (error as Error).message });
    }
  });
  return () => subscription.unsubscribe();
}
