/**
 * The settings of training in a page: the recipe for accuracy on tables, with networks that are small enough
 * for a phone, and without trials.
 *
 * @module
 */
import { shellWord } from "../../messages.ts";
import { completeSettings, type Settings, settingsForRows } from "../../settings/mod.ts";
import type { Task } from "../messages.ts";

/** The settings in which a page differs from the recipe, as options of `deno task train`. */
const OWN = {
  recipe: "modern",
  trials: 0,
  candidates: [],
  hidden: [256, 256],
  epsilon: 5,
  frequency: 0.2,
  dropout: 0.1,
  kernels: "wasm",
} as const satisfies Partial<Settings>;

/** The share of rows that are held out for the test, and the seed that draws them. */
export const [TEST_FRACTION, SEED] = [0.2, 1];

/**
 * The settings for a table.
 *
 * @param rows The rows to learn from.
 */
export function playgroundSettings(task: Task, members: number, rows: number): Settings {
  return settingsForRows(completeSettings({ ...OWN, task, members, seed: SEED }), rows);
}

/** The command that trains the same on the command line. */
export function sameCommand(
  table: string,
  target: string,
  { task, members }: Pick<Settings, "task" | "members">,
  skipsRows: boolean,
): string {
  const words = ["deno", "task", "train", table, "--target", target];
  if (task === "regression") words.push("--task", "regression");
  if (skipsRows) words.push("--missing-target", "skip");
  words.push("--members", `${members}`);
  for (const [name, value] of Object.entries(OWN)) {
    words.push(`--${name}`, typeof value === "object" ? textOf(value) : `${value}`);
  }
  return words.map((word) => /[\p{Cc}\p{Zl}\p{Zp}]/u.test(word) ? "…" : shellWord(word)).join(" ");
}

function textOf(list: readonly number[]): string {
  return list.length === 0 ? "[]" : list.join(",");
}
