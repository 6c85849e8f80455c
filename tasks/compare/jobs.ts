/** The processes of `deno task compare --workers`, by their arguments. */
import type { ComparisonJob } from "../../lib/experiments/comparison/mod.ts";

/** The options that are passed to every process. */
export interface PassedOptions {
  readonly target?: string | undefined;
  readonly task: string;
  readonly categorical?: readonly string[] | undefined;
  readonly ignore?: readonly string[] | undefined;
  readonly missingTarget: string;
  readonly test?: string | undefined;
  readonly seeds: readonly number[];
  readonly testFraction: number;
  readonly threads: number;
  readonly contenders?: string | undefined;
  readonly peers?: readonly string[] | boolean | undefined;
  readonly trees?: boolean | undefined;
  readonly equalBudget?: string | boolean | undefined;
  readonly title?: string | undefined;
}

/** One process per table and seed. They are ordered by table, so that a report grows by whole tables. */
export function jobsOf(
  files: readonly string[],
  tables: readonly { readonly dataset: string }[],
  options: PassedOptions,
): ComparisonJob[] {
  const { target, contenders, peers, equalBudget, title } = options;
  const words = [
    ...["--task", options.task, "--missing-target", options.missingTarget],
    ...["--test-fraction", `${options.testFraction}`, "--threads", `${options.threads}`],
    ...target === undefined ? [] : [`--target=${target}`],
    ...options.test === undefined ? [] : [`--test=${options.test}`],
    ...(options.categorical ?? []).map((column) => `--categorical=${column}`),
    ...(options.ignore ?? []).map((column) => `--ignore=${column}`),
    ...contenders === undefined ? [] : [`--contenders=${contenders}`],
    ...Array.isArray(peers) ? [`--peers=${peers.join(",")}`] : [],
    ...peers === false || options.trees === false ? ["--no-peers"] : [],
    ...typeof equalBudget === "string" ? [`--equal-budget=${equalBudget}`] : [],
    ...equalBudget === true ? ["--equal-budget"] : [],
    ...title === undefined ? [] : [`--title=${title}`],
  ];
  return files.flatMap((file, f) =>
    options.seeds.map((seed) => ({
      dataset: tables[f].dataset,
      seed,
      words: [...words, "--seeds", `${seed}`, file],
    }))
  );
}

/** Prints a line only the first time, because every process reports what is missing. */
export function linesOnce(say: (line: string) => void): (line: string) => void {
  const said = new Set<string>();
  return (line) => {
    if (!said.has(line)) say(line);
    said.add(line);
  };
}
