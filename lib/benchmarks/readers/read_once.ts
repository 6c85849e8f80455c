/**
 * The program of `reader_costs.ts` that reads one table in a separate process. Its arguments are the path
 * of the table, the number of rounds, and the path of a file for the costs.
 *
 * @module
 */
import { processorSeconds } from "../../counters/mod.ts";
import { readDataset } from "../../data/mod.ts";
import { node } from "../../node.ts";
import { peakMemory } from "../measuring/mod.ts";

const [path, rounds, out] = Deno.args;
const before = Deno.memoryUsage().rss;
let bytes = 0;
let seconds = Infinity;
for (let round = 0; round < Number(rounds); round++) {
  const began = processorSeconds();
  await readDataset(path, { target: "y", categorical: "auto" });
  seconds = Math.min(seconds, processorSeconds() - began);
  // Only the first round counts, because later rounds add garbage.
  if (round === 0) bytes = ownPeak() - before;
}
node.fs.writeFileSync(out, JSON.stringify({ seconds, bytes }));

/** The peak memory of this process alone, without its parent's, if the system can tell them apart. */
function ownPeak(): number {
  const status = "/proc/self/status";
  const text = node.fs.existsSync(status) ? node.fs.readFileSync(status, "utf8") : "";
  const found = /VmHWM:\s*(\d+) kB/.exec(text);
  return found === null ? peakMemory() : 1024 * Number(found[1]);
}
