export const Side = { bid: 0, ask: 1 } as const;
export type Side = (typeof Side)[keyof typeof Side];
