import type { KernelChoice } from "../kernels/mod.ts";
import { type MethodName, METHODS } from "../methods/mod.ts";
import { choice, integer, number, optional, type SettingTable } from "../setting.ts";

/** The recipes by name. */
export const RECIPES = ["paper", "modern"] as const;

/** The name of a recipe. */
export type RecipeName = typeof RECIPES[number];

/**
 * The tasks by name: to tell a class, to tell a number, to reproduce a row's own features, as autoencoders do.
 * A method says how connections change and members come about, and trains for any task.
 */
export const TASKS = ["classification", "regression", "reconstruction"] as const;

/** The name of a task. */
export type Task = typeof TASKS[number];

/** The settings of a run as a whole. */
export interface RunSettings {
  /** The recipe of the defaults: the paper's, or one for accuracy. */
  readonly recipe: RecipeName;
  /** The target: a class, a number, or the row itself, each with defaults of its own. */
  readonly task: Task;
  /** The method that makes the members. */
  readonly method: MethodName;
  /** The seed of all random streams. */
  readonly seed: number;
  /** The back end. */
  readonly kernels: KernelChoice;
  /** Seconds of training, for which trials, members and epochs are chosen; repeats can differ. */
  readonly budget?: number | undefined;
}

export const RUN: SettingTable<RunSettings> = {
  recipe: choice("The recipe of the defaults: the paper's, or one for accuracy", RECIPES),
  task: choice(
    "The target: a class, a number, or the row itself, each with defaults of its own",
    TASKS,
  ),
  method: choice("The method that makes the members", METHODS),
  seed: integer("The seed of all random streams", 1, 0),
  kernels: choice("The back end", ["auto", "wasm", "native", "reference"]),
  budget: optional(
    number(
      "Seconds of training, for which trials, members and epochs are chosen; repeats can differ",
      60,
      0.001,
      1e9,
    ),
  ),
};
