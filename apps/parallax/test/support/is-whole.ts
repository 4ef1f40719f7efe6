import type { ServiceHealth } from '@parallax/types';

/** Whether the service does its work, and sees nothing amiss elsewhere. */
export const isWhole = ({ ready, degraded }: ServiceHealth): boolean => ready && degraded === undefined;
