/**
 * The processor seconds of all threads of this process so far. On a shared machine they measure work
 * better than elapsed time.
 */
export function processorSeconds(): number {
  const { user, system } = globalThis.process.cpuUsage();
  return (user + system) / 1e6;
}
