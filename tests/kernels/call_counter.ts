/** A counter for worker threads that goes up by one at every reading. */
export function openHardwareFlops() {
  let readings = 0;
  return { event: "READINGS", read: () => ++readings, close: () => {} };
}
