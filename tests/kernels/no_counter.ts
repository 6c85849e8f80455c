/** A counter that no worker thread can have. */
export function openHardwareFlops() {
  return { unavailable: "this machine is a sundial" };
}
