/**
 * Runs a comparison in several processes at once, each for one seed of one data set.
 *
 * Each process has a folder within the comparison's folder. Its scores move to the comparison as soon as
 * the process has ended, even if it was stopped.
 *
 * @module
 */
import { quoted, requireInteger } from "../../messages.ts";
import { node } from "../../node.ts";
import { readComparison, type StoredComparison } from "./comparison_folder.ts";
import { mergeComparisons, storeComparison } from "./comparison_merge.ts";

/** A data set with a seed. */
export interface ComparisonJob {
  /** The data set's name in the results. */
  readonly dataset: string;
  /** The seed. */
  readonly seed: number;
  /** The arguments after `command`. The folder follows them as `--out FOLDER`. */
  readonly words: readonly string[];
}

/** The processes, and the functions that are called about them. */
export interface ComparisonWorkers {
  /** The comparison's folder. */
  readonly folder: string;
  /** Program and arguments of a comparison. */
  readonly command: readonly string[];
  /** The number of processes at once. */
  readonly workers: number;
  /** Stops all processes. */
  readonly signal?: AbortSignal | undefined;
  /** Called with every line that a process prints, except lines of progress. */
  readonly onLine?: ((line: string) => void) | undefined;
}

/**
 * Carries out comparisons. Scores in the folder are not made again.
 *
 * @returns The scores in the order of the jobs. Scores of other data sets and seeds come first.
 * @throws {RangeError} If a process was given arguments that it cannot use.
 * @throws {Error} If a process failed. The other processes are carried out to their ends first.
 * @throws The signal's reason where it is aborted.
 */
export async function compareInProcesses(
  jobs: readonly ComparisonJob[],
  options: ComparisonWorkers,
): Promise<StoredComparison> {
  const { folder, workers, signal } = options;
  requireInteger("compare", workers, "workers", 1);
  refuseSameJobs(jobs);
  const parts = node.path.join(folder, "parts");
  // A killed comparison may have left parts.
  for (const part of foldersIn(parts)) absorb(part, folder, jobs);
  const queue = [...jobs.entries()];
  const failures: Error[] = [];
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      if (signal?.aborted) return;
      const [j, job] = next;
      const part = node.path.join(parts, `${j + 1}`);
      prepare(part, folder, job);
      const failure = await inOwnProcess(job, part, options);
      absorb(part, folder, jobs);
      if (failure !== null) failures.push(failure);
    }
  };
  await Promise.all(Array.from({ length: Math.min(workers, queue.length) }, work));
  node.fs.rmSync(parts, { recursive: true, force: true });
  signal?.throwIfAborted();
  if (failures.length > 0) throw failures[0];
  return readComparison(folder);
}

function refuseSameJobs(jobs: readonly ComparisonJob[]): void {
  const names = jobs.map(({ dataset, seed }) => JSON.stringify([dataset, seed]));
  const twice = jobs.find((_, j) => names.indexOf(names[j]) !== j);
  if (twice === undefined) return;
  throw new RangeError(
    `Cannot compare: found ${quoted(twice.dataset)} with seed ${twice.seed} twice, need it once`,
  );
}

function foldersIn(folder: string): string[] {
  if (!node.fs.existsSync(folder)) return [];
  return node.fs.readdirSync(folder).map((name) => node.path.join(folder, name));
}

/** Gives a process the existing scores, which it does not make again. */
function prepare(part: string, folder: string, { dataset, seed }: ComparisonJob): void {
  const { scores, description } = readComparison(folder);
  const own = scores.filter((score) => score.dataset === dataset && score.seed === seed);
  storeComparison(part, { scores: own, description });
}

/** Adds the scores of a process to the comparison, in the order of the jobs, and removes its folder. */
function absorb(part: string, folder: string, jobs: readonly ComparisonJob[]): void {
  const { scores, description } = mergeComparisons([readComparison(folder), readComparison(part)]);
  const placeOf = (dataset: string, seed: number) =>
    jobs.findIndex((job) => job.dataset === dataset && job.seed === seed);
  const sorted = scores.toSorted((a, b) => placeOf(a.dataset, a.seed) - placeOf(b.dataset, b.seed));
  storeComparison(folder, { scores: sorted, description });
  node.fs.rmSync(part, { recursive: true });
}

/** @returns The failure, if there was one. */
async function inOwnProcess(
  { dataset, seed, words }: ComparisonJob,
  part: string,
  { command: [program, ...args], signal, onLine }: ComparisonWorkers,
): Promise<Error | null> {
  const child = new Deno.Command(program, {
    args: [...args, ...words, "--out", part],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const stop = () => {
    try {
      child.kill("SIGINT");
    } catch {
      // It has ended already.
    }
  };
  signal?.addEventListener("abort", stop, { once: true });
  if (signal?.aborted) stop();
  let last = "";
  let rest = "";
  for await (const piece of child.stderr.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      // Lines of progress are indented. The report of a part is removed with the part.
      if (line.startsWith("  ") || line.startsWith("Report: ")) continue;
      last = line;
      // After a stop, every process would print that it stops.
      if (!signal?.aborted) onLine?.(line);
    }
  }
  const { code } = await child.status;
  signal?.removeEventListener("abort", stop);
  if (code === 0 || signal?.aborted) return null;
  const message = last.startsWith("Cannot ")
    ? last
    : `Cannot compare on ${dataset} with seed ${seed}: its process ended with status ${code}`;
  return code === 2 ? new RangeError(message) : new Error(message);
}
