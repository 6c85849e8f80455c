/** Reads two columns of a table from standard input and prints what it took: run by large_table.ts. */
import { readDataset } from "../../lib/data/formats/read_dataset.ts";
import { peakMemory } from "./peak_memory.ts";

const before = Deno.memoryUsage().rss;
let steps = 0;
const { dataset } = await readDataset("/dev/stdin", {
  target: "y",
  featureNames: ["c7"],
  onProgress: () => steps++,
});
const { rows, features } = dataset;
const sum = features.reduce((sum, value) => sum + value, 0);
const line = JSON.stringify({ growth: peakMemory() - before, rows, sum, steps });
await Deno.stdout.write(new TextEncoder().encode(line));
