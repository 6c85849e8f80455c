/**
 * Watches the process of `task_server.ts` from a thread of its own, which goes on while the task computes:
 * tells when a task has taken too much memory or processor time.
 */
import process from "node:process";

/** Bytes that the process may have, and seconds of the processor that one task may take. */
const MOST_BYTES = 2e9;
const MOST_SECONDS = 20;

let began = processorSeconds();
let told = false;
globalThis.addEventListener("message", () => {
  began = processorSeconds();
  told = false;
});
setInterval(() => {
  const bytes = Deno.memoryUsage().rss;
  const seconds = processorSeconds() - began;
  if (told || bytes <= MOST_BYTES && seconds <= MOST_SECONDS) return;
  told = true;
  // deno-lint-ignore no-console
  console.log(
    `@${JSON.stringify({ limit: bytes > MOST_BYTES ? "memory" : "time", bytes, seconds })}`,
  );
}, 20);

function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
