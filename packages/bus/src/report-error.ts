/** What a bus does with a handler's error when nobody asked to be told. */
export const reportError = (error: unknown, place: string): void => {
  console.error(`bus: the handler of "${place}" failed:`, error);
};
