/**
 * Seconds that the processor has spent on this process so far, by all its threads. On a machine that
 * others use too, a better measure of work than the time that went by.
 */
export function processorSeconds(): number {
  const { user, system } = globalThis.process.cpuUsage();
  return (user + system) / 1e6;
}
