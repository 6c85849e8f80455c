/**
 * The importance of columns, within a limited time, because the worker hears no requests meanwhile.
 *
 * @module
 */
import { type Dataset, selectRows } from "../../data/table/mod.ts";
import { importance, type Model, score } from "../../model/mod.ts";
import { randomStream, shuffle } from "../../random.ts";
import type { Answer } from "../messages.ts";
import { SEED } from "./recipe.ts";

/** The permutations of each column. */
const REPEATS = 5;

/** The longest time for importance, in milliseconds, and the smallest number of rows for it. */
const [LONGEST, FEWEST_ROWS] = [4000, 50];

/** Measures the importance of all columns. It uses fewer rows if all rows would take too long. */
export function importanceNews(
  model: Model,
  test: Dataset,
): Extract<Answer, { type: "importance" | "no importance" }> {
  const began = performance.now();
  score(model, test);
  const perRow = (performance.now() - began) / test.rows;
  const affordable = Math.floor(LONGEST / (perRow * REPEATS * test.columns));
  if (affordable < Math.min(FEWEST_ROWS, test.rows)) return { type: "no importance" };
  const rows = affordable < test.rows ? someRows(test, affordable) : test;
  const { measure, columns } = importance(model, rows, { repeats: REPEATS });
  return {
    type: "importance",
    measure: measure === "accuracy" ? "accuracy" : "R²",
    rows: rows.rows,
    columns: columns.map(({ column, loss, low, high }) => ({ column, loss, low, high })),
  };
}

function someRows(dataset: Dataset, count: number): Dataset {
  const order = Int32Array.from({ length: dataset.rows }, (_, row) => row);
  shuffle(order, randomStream(SEED, "importance rows"));
  return selectRows(dataset, order.slice(0, count));
}
