import { STAGE_NAMES, type StageName } from '@parallax/types';

/** What can be wrong with a service, beside what it says itself. A test shows of each that a running system can raise it. */
export const SERVICE_ALERTS = [
  'missing', 'silent', 'unready', 'clock', 'errors', ...STAGE_NAMES.map((stage): `latency.${StageName}` => `latency.${stage}`),
] as const;
export type ServiceAlert = (typeof SERVICE_ALERTS)[number];

/** What can be wrong with a venue. */
export const VENUE_ALERTS = ['silent', 'connection', 'freshness', 'trust', 'errors', 'clock'] as const;
export type VenueAlert = (typeof VENUE_ALERTS)[number];
