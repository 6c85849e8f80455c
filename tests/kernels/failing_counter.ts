/** A counter for worker threads that fails at its third reading. */
export function openHardwareFlops() {
  let readings = 0;
  const read = () => {
    if (++readings === 3) throw new RangeError("the sun went down");
    return readings;
  };
  return { event: "READINGS", read, close: () => {} };
}
