/** Loads one model file and prints what it took: run by load_memory.ts, in a process of its own. */
import { load } from "../../lib/model/model_file.ts";
import { peakMemory } from "./peak_memory.ts";

const [path] = Deno.args;
const before = Deno.memoryUsage().rss;
let error: string | null = null;
let members = 0;
try {
  members = load(path).members.length;
} catch (thrown) {
  error = (thrown as Error).message;
}
const peak = peakMemory();
const line = JSON.stringify({ before, peak, members, error });
await Deno.stdout.write(new TextEncoder().encode(line));
