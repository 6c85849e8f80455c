/** `deno task compare`: the library's recipes beside scikit-learn's tree ensembles. */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import {
  catalogueData,
  compareOn,
  type ComparisonScore,
  completeSettings,
  type Contender,
  readJson,
  readRunData,
  summarizeComparison,
} from "../mod.ts";
import {
  parseNumber,
  parseNumbers,
  runProgram,
  say,
  taskProgram,
  tell,
  userPath,
} from "./command_line.ts";
import { overallTable, perDatasetTable } from "./comparison_table.ts";

/** The recipes that take part. */
const RECIPES: readonly Contender[] = [
  { name: "Sparsemble, modern", settings: { recipe: "modern" } },
  { name: "Sparsemble, paper (FD-TSE)", settings: { method: "fd" } },
];

const program = taskProgram("compare", "Compares recipes with scikit-learn's tree ensembles.")
  .argument("<FILES...>", "tables, or data sets of the catalogue as dataset:NAME")
  .option("--target <column>", "the column with the classes, where a file is no catalogue data set")
  .option("--seeds <numbers>", "one split and run for each", parseNumbers, [1, 2, 3])
  .option("--test-fraction <share>", "the share of rows held out", parseNumber, 0.2)
  .option("--threads <count>", "threads of this library's methods", parseNumber, 1)
  .option("--contenders <file>", "a JSON object of names and settings, in place of the recipes")
  .option("--no-trees", "leave scikit-learn out")
  .option("--out <folder>", "where the scores go; what is there already is not run again")
  .option("--json", "print one JSON object")
  .action(async (files, options) => {
    const path = options.out === undefined ? null : join(userPath(options.out), "comparison.jsonl");
    const scores: ComparisonScore[] = path === null ? [] : readScores(path);
    if (path !== null) mkdirSync(join(path, ".."), { recursive: true });
    const contenders = options.contenders === undefined
      ? RECIPES
      : Object.entries(readJson(userPath(options.contenders))).map(([name, settings]) => ({
        name,
        settings: completeSettings(settings as object),
      }));
    const stopper = new AbortController();
    const listener = () => stopper.abort(new Error("stopped"));
    Deno.addSignalListener("SIGINT", listener);
    try {
      for (const file of files) {
        const named = file.startsWith("dataset:") ? catalogueData(file.slice(8)) : null;
        const target = named?.target ?? options.target;
        if (target === undefined) {
          throw new TypeError(`Cannot compare on "${file}": need --target COLUMN`);
        }
        const source = named === null ? userPath(file) : file;
        const { training, test } = await readRunData({
          file: source,
          target,
          test: named?.test ?? null,
          testFraction: 0,
          seed: 0,
        });
        const compared = compareOn({
          dataset: named === null ? file : file.slice(8),
          rows: training,
          test,
          testFraction: options.testFraction,
          seeds: options.seeds,
          contenders,
          trees: options.trees,
          threads: options.threads,
          skip: (name, seed) =>
            scores.some((score) =>
              score.name === name && score.seed === seed &&
              score.dataset === (named === null ? file : file.slice(8))
            ),
          onProgress: (name, seed, event) => {
            if (event === null) tell(`${file}, seed ${seed}: ${name} …`);
          },
          onMissing: (reason) => tell(`scikit-learn is left out: ${reason}`),
          signal: stopper.signal,
        });
        for await (const score of compared) {
          scores.push(score);
          if (path !== null) appendFileSync(path, `${JSON.stringify(score)}\n`);
        }
      }
    } catch (error) {
      if (!stopper.signal.aborted) throw error;
      tell(path === null ? "Stopped" : `Stopped. The same command goes on: scores are in ${path}`);
      process.exitCode = 130;
      return;
    } finally {
      Deno.removeSignalListener("SIGINT", listener);
    }
    const summary = summarizeComparison(scores);
    if (options.json) return say(JSON.stringify({ scores, ...summary }));
    say(perDatasetTable(summary));
    if (summary.datasets.length > 1) say(overallTable(summary));
  });

function readScores(path: string): ComparisonScore[] {
  if (!existsSync(path)) return [];
  // A last line that was cut off is one that is run again.
  return readFileSync(path, "utf8").split("\n").slice(0, -1).map((line) => JSON.parse(line));
}

await runProgram(program);
