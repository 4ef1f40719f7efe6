import { join } from 'node:path';
import { readConfiguration, type Environment } from '@parallax/config';
import { ProcessTracing, TRACES, type ProcessTracingOptions } from '@parallax/telemetry';

/**
 * Traces of this process: spans go to the collector that OTEL_EXPORTER_OTLP_ENDPOINT names, and into `directory` beside it.
 * That they are lost, and that they are not any more, is `told`. A null `directory` keeps none here; without a word of it they are kept in PARALLAX_STATE as long as there is no collector.
 */
export function tracingOf(environment: Environment, instance: string, told: ProcessTracingOptions['told'], directory?: string | null): ProcessTracing {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, PARALLAX_STATE } = readConfiguration(environment, ['OTEL_EXPORTER_OTLP_ENDPOINT', 'PARALLAX_STATE']);
  const kept = directory === undefined && endpoint === undefined ? PARALLAX_STATE : directory ?? null;
  return new ProcessTracing({ instance, endpoint, told, directory: kept === null ? null : join(kept, TRACES) });
}
