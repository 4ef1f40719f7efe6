/** The clocks of two machines that are kept in step may differ by so much, in microseconds. */
export const CLOCK_MARGIN_US = 250_000;

/**
 * Age in microseconds at `nowUs` of what happened at `atUs`; both times may come from different machines. A time up to the
 * margin in the future is of now (age 0). Null, unknown, where it lies further ahead: one of the two clocks is wrong.
 */
export function ageUs(atUs: number, nowUs: number, marginUs = CLOCK_MARGIN_US): number | null {
  const age = nowUs - atUs;
  if (age >= 0) return age;
  return age >= -marginUs ? 0 : null;
}

/** Whether what happened at `atUs` is at most `maximumUs` old. What comes from the future is not known to be fresh. */
export function isFresh(atUs: number, maximumUs: number, nowUs: number, marginUs = CLOCK_MARGIN_US): boolean {
  const age = nowUs - atUs;
  return age <= maximumUs && age >= -marginUs;
}
