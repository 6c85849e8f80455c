import type { KernelChoice } from "../kernels/mod.ts";
import { type MethodName, METHODS } from "../methods/mod.ts";
import { choice, integer, number, optional, type SettingTable } from "../setting.ts";

/** The recipes by name. */
export const RECIPES = ["paper", "modern"] as const;

/** The name of a recipe. */
export type RecipeName = typeof RECIPES[number];

/**
 * The tasks: to predict a class, to predict a number, or to reproduce the row itself (autoencoders). Every
 * method can train for every task.
 */
export const TASKS = ["classification", "regression", "reconstruction"] as const;

/** The name of a task. */
export type Task = typeof TASKS[number];

/** The settings of a run as a whole. */
export interface RunSettings {
  /** The recipe of the defaults: the paper's, or one for accuracy. */
  readonly recipe: RecipeName;
  /** The task: to predict a class, a number, or the row itself; each has its own defaults. */
  readonly task: Task;
  /** The method of sparse training. */
  readonly method: MethodName;
  /** The seed of all random streams. */
  readonly seed: number;
  /** The back end. */
  readonly kernels: KernelChoice;
  /** Seconds of training: trials, members and epochs are chosen to fit; repeated runs can differ. */
  readonly budget?: number | undefined;
}

export const RUN: SettingTable<RunSettings> = {
  recipe: choice("The recipe of the defaults: the paper's, or one for accuracy", RECIPES),
  task: choice(
    "The task: to predict a class, a number, or the row itself; each has its own defaults",
    TASKS,
  ),
  method: choice("The method of sparse training", METHODS),
  seed: integer("The seed of all random streams", 1, 0),
  kernels: choice("The back end", ["auto", "wasm", "native", "reference"]),
  budget: optional(
    number(
      "Seconds of training: trials, members and epochs are chosen to fit; repeated runs can differ",
      60,
      0.001,
      1e9,
    ),
  ),
};
