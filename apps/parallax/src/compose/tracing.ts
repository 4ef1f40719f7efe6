import { join } from 'node:path';
import { readConfiguration, type Environment } from '@parallax/config';
import { ProcessTracing, TRACES } from '@parallax/telemetry';

/** Traces of this process: to the collector that the environment names, and into `directory`, where there is one. */
export function tracingOf(environment: Environment, instance: string, directory: string | null): ProcessTracing {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } = readConfiguration(environment, ['OTEL_EXPORTER_OTLP_ENDPOINT']);
  return new ProcessTracing({ instance, endpoint, directory: directory === null ? null : join(directory, TRACES) });
}
