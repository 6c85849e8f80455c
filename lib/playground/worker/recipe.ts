/**
 * The settings of training in a page: the recipe for accuracy on tables, with networks that are small enough
 * for a phone, and without trials.
 *
 * @module
 */
import { completeSettings, type Settings, settingsForRows } from "../../settings/mod.ts";
import type { Task } from "../messages.ts";

/** The settings of the page that differ from the recipe, as options of `deno task train`. */
export const OWN_SETTINGS = {
  recipe: "modern",
  trials: 0,
  candidates: [],
  hidden: [256, 256],
  epsilon: 5,
  frequency: 0.2,
  dropout: 0.1,
  kernels: "wasm",
} as const satisfies Partial<Settings>;

/** The share of rows held out for the test, and the seed that draws them. */
export const [TEST_FRACTION, SEED] = [0.2, 1];

/**
 * The settings for a table.
 *
 * @param rows The rows to learn from.
 */
export function playgroundSettings(task: Task, members: number, rows: number): Settings {
  return settingsForRows(completeSettings({ ...OWN_SETTINGS, task, members, seed: SEED }), rows);
}
