import { quoted, quotedList } from "../../messages.ts";
import type { StrategyOrigin } from "../../model/mod.ts";
import { completeSettings, type Settings } from "../../settings/mod.ts";
import type { ComparisonScore, Contender } from "./comparison.ts";
import { type StoredComparison, writeDescription, writeScores } from "./comparison_folder.ts";
import type { ComparisonDescription } from "./comparison_introduction.ts";

/**
 * Merges comparisons. A score that several of them have counts once.
 *
 * @throws {RangeError} If the comparisons' scores were made under different conditions, or one method has
 * two scores on the same rows.
 */
export function mergeComparisons(all: readonly StoredComparison[]): StoredComparison {
  let description: ComparisonDescription = {};
  const scores = new Map<string, ComparisonScore>();
  for (const { scores: own, description: more } of all) {
    description = Object.keys(description).length === 0
      ? more
      : mergeDescriptions(description, withAllContenders(more));
    for (const score of own) {
      const key = JSON.stringify([score.dataset, score.name, score.seed]);
      const known = scores.get(key);
      if (known !== undefined && JSON.stringify(known) !== JSON.stringify(score)) {
        throw new RangeError(
          `Cannot put comparisons together: found two scores of ${quoted(score.name)} on ` +
            `${quoted(score.dataset)} with seed ${score.seed}, need one`,
        );
      }
      scores.set(key, score);
    }
  }
  return { scores: [...scores.values()], description };
}

/**
 * A comparison without some of its data sets.
 *
 * @throws {RangeError} If a named data set is not in the comparison, or none is left.
 */
export function withoutDatasets(
  { scores, description }: StoredComparison,
  names: readonly string[],
): StoredComparison {
  const all = [...new Set(scores.map(({ dataset }) => dataset))];
  const wrong = names.find((name) => !all.includes(name));
  const refuse = (found: string) =>
    new RangeError(`Cannot leave out data sets: found ${found}, need some of ${quotedList(all)}`);
  if (wrong !== undefined) throw refuse(quoted(wrong));
  if (all.every((name) => names.includes(name))) throw refuse("all of them");
  const isLeft = (name: string) => !names.includes(name);
  const { datasets } = description;
  return {
    scores: scores.filter(({ dataset }) => isLeft(dataset)),
    description: datasets === undefined ? description : {
      ...description,
      datasets: Object.fromEntries(Object.entries(datasets).filter(([name]) => isLeft(name))),
    },
  };
}

/** Writes a comparison into a folder, and replaces one that is already there. */
export function storeComparison(
  folder: string,
  { scores, description }: StoredComparison,
): void {
  writeScores(folder, scores);
  writeDescription(folder, description);
}

/** Adds the settings that were introduced after an older comparison was written. */
function withAllContenders(description: ComparisonDescription): ComparisonDescription {
  if (description.contenders === undefined) return description;
  const contenders = Object.entries(description.contenders)
    .map(([name, settings]) => [name, withAllSettings({ ...settings, seed: undefined })]);
  return { ...description, contenders: Object.fromEntries(contenders) };
}

/**
 * Adds a description to another. Common entries must be equal, or scores would not be comparable.
 *
 * @throws {RangeError} If they differ.
 */
export function mergeDescriptions(
  old: ComparisonDescription,
  more: ComparisonDescription,
): ComparisonDescription {
  const before = old.testFraction;
  if (before !== undefined && (more.testFraction ?? before) !== before) {
    throw new RangeError(
      `Cannot go on with the comparison: its scores are with ${before} of the rows held out, ` +
        `found ${more.testFraction}, need the same or another folder`,
    );
  }
  const budget = old.equalBudget;
  if (budget !== undefined && (more.equalBudget ?? budget) !== budget) {
    throw new RangeError(
      `Cannot go on with the comparison: its LightGBM was tuned for as long as ${
        quoted(budget)
      } took, ` +
        `found ${quoted(more.equalBudget!)}, need the same or another folder`,
    );
  }
  const known = old.contenders !== undefined;
  if (known && more.logLossFloor !== undefined && old.logLossFloor !== more.logLossFloor) {
    throw new RangeError(
      "Cannot go on with the comparison: its scores have another least probability in the log loss, " +
        "need another folder",
    );
  }
  const libraries = [...new Set([...old.libraries ?? [], ...more.libraries ?? []])];
  return {
    ...old,
    ...more,
    title: more.title ?? old.title,
    equalBudget: more.equalBudget ?? old.equalBudget,
    contenders: merged(withAllContenders(old).contenders, more.contenders, "other settings"),
    datasets: merged(
      withDigests(old.datasets, more.datasets),
      withDigests(more.datasets, old.datasets),
      "other rows",
    ),
    libraries: libraries.length === 0 ? undefined : libraries,
  };
}

/**
 * A contender's complete settings. They include its settings on single data sets and its custom strategy,
 * if it has any. The seed is `null`, because it comes from the split.
 */
export function withAllSettings(given: object, task?: Settings["task"]): object {
  const { strategy, onDatasets, ...settings } = given as {
    readonly strategy?: StrategyOrigin;
    readonly onDatasets?: Contender["onDatasets"];
  };
  const own = task === undefined ? settings : { ...settings, task };
  // The description is written as JSON, which leaves out undefined values.
  return { ...completeSettings(own), seed: null, onDatasets, strategy };
}

/** Adds the digests that another description has. Older descriptions have none. */
function withDigests(
  own: ComparisonDescription["datasets"] = {},
  others: ComparisonDescription["datasets"] = {},
): ComparisonDescription["datasets"] {
  return Object.fromEntries(
    Object.entries(own).map(([name, { digest, ...sizes }]) => {
      const known = digest ?? others[name]?.digest;
      return [name, known === undefined ? sizes : { ...sizes, digest: known }];
    }),
  );
}

function merged<Value extends object>(
  old: Readonly<Record<string, Value>> = {},
  more: Readonly<Record<string, Value>> = {},
  difference: string,
): Readonly<Record<string, Value>> | undefined {
  for (const [name, value] of Object.entries(more)) {
    if (old[name] !== undefined && JSON.stringify(old[name]) !== JSON.stringify(value)) {
      throw new RangeError(
        `Cannot go on with the comparison: "${name}" had ${difference} when its scores were made, ` +
          `need the same, or another name or folder`,
      );
    }
  }
  const all = { ...old, ...more };
  return Object.keys(all).length === 0 ? undefined : all;
}
