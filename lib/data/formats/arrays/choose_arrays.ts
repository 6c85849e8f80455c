import { quoted, quotedList, quotedPath } from "../../../messages.ts";
import { featureNamesOf, labelNamesOf } from "./label_partner.ts";

/** The name of the array that holds the columns' names, as in scikit-learn. */
export const NAMES = "feature_names";

/**
 * Chooses the features, and the labels if there are any, among the arrays of a file.
 *
 * @param target The name of the labels, or of a column of the features.
 * @throws {TypeError} If no array can hold the features, or more than one can.
 */
export function chooseArrays(
  arrays: ReadonlyMap<string, unknown>,
  target: string | null,
  path: string,
): { features: string; labels: string | null } {
  const names = [...arrays.keys()];
  const fail = (need: string) =>
    new TypeError(
      `Cannot read ${quotedPath(path)}: found ${
        names.length === 0 ? "no arrays" : `the arrays ${quotedList(names)}`
      }, need ${need}`,
    );
  if (target !== null && arrays.has(target) && !isFeatures(target)) {
    const partners = featureNamesOf(target);
    const features = partners.find((name) => arrays.has(name));
    if (features !== undefined) return { features, labels: target };
    const others = names.filter((name) => name !== target && name !== NAMES);
    if (others.length === 1) return { features: others[0], labels: target };
    const called = partners.map(quoted).join(" or ") || '"X"';
    throw fail(`the features of ${quoted(target)}, called ${called}`);
  }
  const candidates = names.filter(isFeatures);
  const others = names.filter((name) => name !== NAMES);
  const common = candidates.find((name) =>
    ["X", "x", "features", "data", "fea", "arr_0"].includes(name)
  );
  const only = candidates.length > 0 ? candidates : others;
  const sole = only.length === 1 ? only[0] : common;
  if (sole === undefined) {
    throw fail(
      candidates.length === 0
        ? 'one called "X" (or "features", "data", "arr_0")'
        : `one of ${quotedList(candidates)} only, or the name of its labels as the target`,
    );
  }
  const labels = labelNamesOf(sole).find(({ name }) => arrays.has(name));
  return { features: sole, labels: labels?.name ?? null };
}

function isFeatures(name: string): boolean {
  return labelNamesOf(name).length > 0;
}
