/**
 * The commands to use outside the page: one trains the same model, one predicts with its file.
 *
 * @module
 */
import { shellWord } from "../../messages.ts";
import type { Settings } from "../../settings/mod.ts";
import type { Outcome } from "../messages.ts";
import { OWN_SETTINGS } from "./recipe.ts";

/** The name of the model's file for a table's. */
export function modelName(table: string): string {
  return `${table.replace(/(\.(csv|tsv|txt))?(\.gz)?$/i, "")}.safetensors`;
}

/**
 * The commands for a table and its target.
 *
 * @param skipsRows `true` if rows without a target were left out.
 */
export function commandsFor(
  table: string,
  target: string,
  { task, members }: Pick<Settings, "task" | "members">,
  skipsRows: boolean,
): Outcome["commands"] {
  const train = ["train", table, "--target", target];
  if (task === "regression") train.push("--task", "regression");
  if (skipsRows) train.push("--missing-target", "skip");
  train.push("--members", `${members}`);
  for (const [name, value] of Object.entries(OWN_SETTINGS)) {
    train.push(`--${name}`, typeof value === "object" ? textOf(value) : `${value}`);
  }
  const predict = ["predict", modelName(table), "new.csv"];
  if (task === "classification") predict.push("--probabilities");
  return { train: commandOf(train), predict: commandOf(predict) };
}

function textOf(list: readonly number[]): string {
  return list.length === 0 ? "[]" : list.join(",");
}

/** A command as it is typed. A word that cannot be written in a shell gets a placeholder. */
function commandOf(words: readonly string[]): string {
  const typed = words.map((word) => /[\p{Cc}\p{Zl}\p{Zp}]/u.test(word) ? "…" : shellWord(word));
  return ["deno", "task", ...typed].join(" ");
}
