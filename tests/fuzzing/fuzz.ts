/**
 * Files that were changed on purpose, with digests that are right: models, checkpoints, records, studies,
 * settings and tables, each through the tasks that read it.
 *
 * @module
 */
import { dirname } from "node:path";
import { randomStream } from "../../lib/random.ts";
import { isThere, namesIn, readBytes, writeFile } from "../files.ts";
import { ENOUGH_FAILURES, type SoakOptions, type SoakReport } from "../soak/report.ts";
import { changed, type Recipe, withBytes } from "./document.ts";
import { drawChanges } from "./draw_changes.ts";
import { type FileKind, fileKinds } from "./file_kinds.ts";
import { faultOf } from "./judge.ts";
import { type Outcome, startTaskProcess, type TaskProcess } from "./task_process.ts";

/** After so many files a new process begins: every task that ran stays in its memory. */
const FILES_OF_A_PROCESS = 300;

/** Makes files of recipes and takes them through their tasks. */
export interface Fuzzer {
  readonly kinds: readonly FileKind[];
  /**
   * Makes the file of a recipe and takes it through its tasks.
   *
   * @returns What went wrong, and how the calls ended; `null` where the recipe makes no file.
   */
  tryRecipe(recipe: Recipe): Promise<{ faults: string[]; outcomes: Outcome[] } | null>;
  /** Ends the process. */
  close(): Promise<void>;
}

/** Opens a fuzzer whose files are in a folder. */
export async function openFuzzer(folder: string, deno: string): Promise<Fuzzer> {
  const [base, scratch] = [`${folder}/base`, `${folder}/case`];
  await Deno.mkdir(base, { recursive: true });
  const kinds = await fileKinds(base);
  let process: TaskProcess | null = null;
  let files = 0;

  async function once(recipe: Recipe) {
    const kind = kinds.find(({ name }) => name === recipe.kind);
    if (kind === undefined) throw new RangeError(`Cannot make a file of the kind "${recipe.kind}"`);
    const made = madeOf(kind, recipe);
    if (made === null) return null;
    if (isThere(scratch)) await Deno.remove(scratch, { recursive: true });
    await Deno.mkdir(scratch);
    for (const [name, path] of Object.entries(kind.beside)) copy(path, `${scratch}/${name}`);
    for (const [name, bytes] of Object.entries(made)) {
      await Deno.mkdir(dirname(`${scratch}/${name}`), { recursive: true });
      writeFile(`${scratch}/${name}`, withBytes(bytes, recipe.changes));
    }
    const before = namesIn(scratch);
    const faults: string[] = [];
    const outcomes: Outcome[] = [];
    for (const call of kind.calls) {
      process ??= startTaskProcess(scratch, deno);
      // What an intact file comes to may not depend on what else the machine does.
      const outcome = await process.call({ ...call, isWhole: recipe.changes.length === 0 });
      if (process.isOver) process = null;
      outcomes.push(outcome);
      const fault = faultOf(outcome);
      if (fault !== null) faults.push(`${call.task} ${call.args.join(" ")}: ${fault}`);
    }
    const more = namesIn(scratch).filter((name) => ![...before, ...kind.makes].includes(name));
    if (more.length > 0) faults.push(`files that nobody asked for: ${more.join(", ")}`);
    return { faults, outcomes };
  }

  async function close(): Promise<void> {
    await process?.close();
    process = null;
  }

  return {
    kinds,
    async tryRecipe(recipe) {
      if (files++ % FILES_OF_A_PROCESS === 0) await close();
      const found = await once(recipe);
      if (found === null || found.faults.length === 0) return found;
      // Again in a process of its own: what earlier tasks left behind is not this file's fault.
      await close();
      return await once(recipe);
    },
    close,
  };
}

/** The files of a recipe; `null` where a document has become too strange to be written. */
function madeOf(kind: FileKind, { changes }: Recipe): ReturnType<FileKind["write"]> {
  const document = changed(kind.document, changes);
  try {
    return kind.write(document);
  } catch (error) {
    if (error instanceof Error && error.name === "NotCapable") throw error;
    return null;
  }
}

function copy(from: string, to: string): void {
  Deno.mkdirSync(dirname(to), { recursive: true });
  if (Deno.statSync(from).isFile) return writeFile(to, readBytes(from));
  Deno.mkdirSync(to);
  for (const name of namesIn(from)) copy(`${from}/${name}`, `${to}/${name}`);
}

/** Makes files of so many recipes, of every kind in turn, and tells the recipes of those that were too much. */
export async function soakChangedFiles(files: number, options: SoakOptions): Promise<SoakReport> {
  const { seed, folder, deno, deadline, onProgress } = options;
  const fuzzer = await openFuzzer(folder, deno);
  const counts: Record<string, number> = {
    "changed files": 0,
    "documents without a file": 0,
    calls: 0,
    "calls that ended well": 0,
  };
  const failures: string[] = [];
  try {
    for (let number = 0; number < files; number++) {
      if (failures.length >= 10 * ENOUGH_FAILURES || performance.now() >= deadline) break;
      const random = randomStream(seed, "changed file", number);
      const kind = fuzzer.kinds[number % fuzzer.kinds.length];
      const recipe: Recipe = { kind: kind.name, changes: drawChanges(kind.document, random) };
      const found = await fuzzer.tryRecipe(recipe);
      if (found === null) {
        counts["documents without a file"]++;
        continue;
      }
      const { faults, outcomes } = found;
      counts["changed files"]++;
      counts.calls += outcomes.length;
      counts["calls that ended well"] += outcomes.filter((it) =>
        "code" in it && it.code === 0
      ).length;
      if (faults.length > 0) {
        failures.push(`file ${number}: ${faults.join("; ")}\nrecipe: ${JSON.stringify(recipe)}`);
        onProgress?.(failures[failures.length - 1].slice(0, 3000));
      }
      if (number % 500 === 499) onProgress?.(`${number + 1} changed files`);
    }
  } finally {
    await fuzzer.close();
  }
  return { counts, failures };
}
