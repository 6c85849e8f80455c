import { quoted } from "../../messages.ts";
import { wilcoxon } from "../../statistics/mod.ts";
import { groupResults, varyingKeys } from "./result_groups.ts";
import { type ResultValue, settingValue } from "./result_values.ts";
import type { Result } from "./results.ts";
import { distinctResults, numberOf, type ResultSpread, spread } from "./results_table.ts";

/** The options of a comparison. */
export interface ResultComparisonOptions {
  /** The setting by which the two sides differ. Left out: `"method"`. */
  readonly by?: string | undefined;
  /** Its first value, as text. */
  readonly first: string;
  /** Its second. */
  readonly second: string;
  /** The compared value. Left out: `"accuracy"`. */
  readonly column?: string | undefined;
}

/** Paired differences, first − second. */
export interface PairedDifferences {
  /** The common values of the pairs; empty for the row over all groups. */
  readonly key: Readonly<Record<string, ResultValue>>;
  /** The mean of the first runs that have a partner. */
  readonly first: number;
  /** The mean of their partners. */
  readonly second: number;
  /** The differences, with Student's 95 % interval of their mean. */
  readonly difference: ResultSpread;
  /** The number of pairs in which the first is greater. */
  readonly greater: number;
  /** The number of pairs in which the first is smaller. */
  readonly smaller: number;
  /** Wilcoxon's signed-rank test, two-tailed. */
  readonly pValue: number;
}

/** A comparison of two values of a setting. */
export interface ResultComparison {
  /** The setting. */
  readonly by: string;
  /** Its first value. */
  readonly first: string;
  /** Its second. */
  readonly second: string;
  /** The value that is compared. */
  readonly column: string;
  /** For every data set (and other setting in which both differ): pairs of runs with the same seed. */
  readonly groups: readonly PairedDifferences[];
  /**
   * All groups together; `null` if there is only one group. Groups of one data set share their rows, and
   * runs of one seed share their random streams, so they are not independent. So there is one pair per data
   * set or, on a single data set, per seed: the means of its pairs.
   */
  readonly overall: PairedDifferences & { readonly unit: "data set" | "seed" } | null;
  /** The number of runs without a partner, on either side. */
  readonly unpaired: { readonly first: number; readonly second: number };
}

/**
 * Compares two values of a setting, such as two methods. A pair agrees in all other settings in which runs
 * differ on either side, such as the data set, the seed and ε. The pairs of a group share their data and
 * differ by the seed. Over groups, every data set counts once, however many pairs it has. On a single data
 * set every seed counts once.
 *
 * @throws {RangeError} If either side has no run, or no run has a partner.
 *
 * @example Usage
 * ```ts
 * import {
 *   compareResults,
 *   completeConfig,
 *   type Result,
 *   runHash,
 * } from "@sparsemble/sparsemble/experiments";
 * import assert from "node:assert/strict";
 *
 * const run = (method: string, seed: number, accuracy: number) => {
 *   const config = completeConfig({ file: "table.csv", target: "class", method, seed });
 *   return { hash: runHash(config), folder: "", config, record: { accuracy } } as Result;
 * };
 * const results = [1, 2, 3].flatMap((seed) => [
 *   run("fd", seed, 0.7 + seed / 100),
 *   run("set", seed, 0.7),
 * ]);
 * const { groups: [group] } = compareResults(results, { first: "fd", second: "set" });
 * assert.equal(group.difference.mean.toFixed(4), "0.0200");
 * assert.equal(group.greater, 3);
 * assert.equal(group.pValue, 0.25);
 * ```
 */
export function compareResults(
  results: readonly Result[],
  { by = "method", first, second, column = "accuracy" }: ResultComparisonOptions,
): ResultComparison {
  if (first === second) {
    throw new RangeError(`Cannot compare runs: found ${quoted(first)} twice, need two values`);
  }
  const runs = distinctResults(results);
  const sideOf = (value: string) => {
    const side = runs.filter((result) =>
      `${settingValue(result, by)}` === value && numberOf(result, column) !== null
    );
    if (side.length > 0) return side;
    const found = groupResults(runs, [by]).map(({ key }) => `${key[by]}`).join(", ");
    throw new RangeError(
      `Cannot compare runs: found none with ${by} ${quoted(value)} and ${quoted(column)}, ` +
        `need one of ${found === "" ? "no runs" : found}`,
    );
  };
  const sides = [sideOf(first), sideOf(second)];
  const keys = [...new Set(sides.flatMap(varyingKeys))].filter((key) => key !== by);
  const partners = groupResults(sides[1], [...keys, "seed"]);
  const nameOf = (key: object) => JSON.stringify(Object.values(key));
  const byName = new Map(partners.map(({ key, results }) => [nameOf(key), results[0]]));
  const pairs = sides[0].flatMap((run): Pair[] => {
    const { seed } = run.config;
    const key = Object.fromEntries(keys.map((name) => [name, settingValue(run, name)]));
    const partner = byName.get(nameOf({ ...key, seed }));
    if (partner === undefined) return [];
    return [{ key, seed, values: [numberOf(run, column)!, numberOf(partner, column)!] }];
  });
  if (pairs.length === 0) {
    throw new RangeError(
      `Cannot compare runs: found no pair that agrees in ${[...keys, "seed"].join(", ")}`,
    );
  }
  const groups = groupResults(sides[0], keys).flatMap(({ key }): PairedDifferences[] => {
    const own = pairs.filter((pair) => nameOf(pair.key) === nameOf(key));
    return own.length === 0 ? [] : [pairedDifferences(key, own.map(({ values }) => values))];
  });
  return {
    by,
    first,
    second,
    column,
    groups,
    overall: groups.length < 2 ? null : overallDifferences(pairs),
    unpaired: { first: sides[0].length - pairs.length, second: sides[1].length - pairs.length },
  };
}

/** Two runs that agree in everything except the compared setting. */
interface Pair {
  /** The values that distinguish the groups. */
  readonly key: PairedDifferences["key"];
  readonly seed: number;
  readonly values: readonly [first: number, second: number];
}

/** The differences over all groups, with one value per independent unit. */
function overallDifferences(pairs: readonly Pair[]): ResultComparison["overall"] {
  const datasets = Map.groupBy(pairs, ({ key }) => key.dataset);
  const unit = datasets.size > 1 ? "data set" : "seed";
  if (unit === "data set") {
    // Every group of a data set has the same weight, however many seeds it has.
    const means = [...datasets.values()].map((own) => {
      const groups = Map.groupBy(own, ({ key }) => JSON.stringify(key));
      return meanPair(
        [...groups.values()].map((group) => meanPair(group.map(({ values }) => values))),
      );
    });
    return { ...pairedDifferences({}, means), unit };
  }
  // A seed without all pairs is left out. Its mean would depend on the groups that it has.
  const seeds = [...Map.groupBy(pairs, ({ seed }) => seed).values()];
  const most = Math.max(...seeds.map((own) => own.length));
  const means = seeds.filter((own) => own.length === most)
    .map((own) => meanPair(own.map(({ values }) => values)));
  return { ...pairedDifferences({}, means), unit };
}

function meanPair(pairs: readonly (readonly [number, number])[]): [number, number] {
  const mean = (side: 0 | 1) => pairs.reduce((sum, pair) => sum + pair[side], 0) / pairs.length;
  return [mean(0), mean(1)];
}

function pairedDifferences(
  key: PairedDifferences["key"],
  pairs: readonly (readonly [number, number])[],
): PairedDifferences {
  const [first, second] = meanPair(pairs);
  // Equal differences of shares may differ in their last bits, and must tie.
  const differences = pairs.map(([a, b]) => Number((a - b).toPrecision(12)))
    .map((difference) => Math.abs(difference) < 1e-14 ? 0 : difference);
  return {
    key,
    first,
    second,
    difference: spread(differences, true)!,
    greater: differences.filter((difference) => difference > 0).length,
    smaller: differences.filter((difference) => difference < 0).length,
    pValue: wilcoxon(differences, differences.map(() => 0)).pValue,
  };
}
