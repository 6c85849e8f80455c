/**
 * Watches the process of `task_server.ts` from a thread of its own, which goes on while the task computes:
 * tells when a task has taken too much memory or processor time, hands on the calls, and ends the
 * process with its standard input: whoever made the calls is gone.
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

let rest = "";
for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  const lines = (rest + text).split("\n");
  rest = lines.pop()!;
  for (const line of lines) (globalThis as unknown as Worker).postMessage(line);
}
// An end that was asked for would wait for the task.
Deno.kill(Deno.pid, "SIGKILL");

function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
