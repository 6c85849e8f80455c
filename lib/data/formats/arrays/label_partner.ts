/**
 * Pairs of names for an array of features and its array of labels. Each name of a pair tells the other.
 *
 * | features   | labels   |
 * | ---------- | -------- |
 * | `X`, `x`   | `y`, `Y` |
 * | `features` | `labels` |
 * | `data`     | `target` |
 * | `arr_0`    | `arr_1`  |
 * | `fea`      | `gnd`    |
 *
 * The words may be part of a longer name: `X_train` goes with `y_train`.
 *
 * @module
 */

const PAIRS: readonly (readonly [features: string, labels: readonly string[]])[] = [
  ["X", ["y", "Y"]],
  ["x", ["y", "Y"]],
  ["features", ["labels"]],
  ["data", ["target"]],
  ["fea", ["gnd"]],
];

/** A name of labels. */
export interface LabelName {
  /** The whole name: `y_train`. */
  readonly name: string;
  /** The word in it that means labels: `y`. */
  readonly word: string;
}

/** The names that the labels of an array of features may have. Empty if the name is not one of features. */
export function labelNamesOf(features: string): LabelName[] {
  if (features === "arr_0") return [{ name: "arr_1", word: "arr_1" }];
  return replacements(features, (word) => PAIRS.find(([name]) => name === word)?.[1] ?? []);
}

/** The names that the features of an array of labels may have. */
export function featureNamesOf(labels: string): string[] {
  if (labels === "arr_1") return ["arr_0"];
  return replacements(
    labels,
    (word) => PAIRS.filter(([, names]) => names.includes(word)).map(([name]) => name),
  ).map(({ name }) => name);
}

/** The names made by replacing one word of a name. */
function replacements(name: string, replace: (word: string) => readonly string[]): LabelName[] {
  const words = name.split(/([_\-. ])/);
  return words.flatMap((word, place) =>
    replace(word).map((other) => ({
      name: words.map((old, k) => k === place ? other : old).join(""),
      word: other,
    }))
  );
}
