import type { Preprocessing } from "./preprocessing.ts";

/**
 * Lists the network's inputs that every raw column becomes: its scaled number, the indicator of its missing
 * values, its categories. A column that is not used has none.
 *
 * @returns A list of inputs for every one of `preprocessing.featureNames`, each ascending.
 *
 * @example Usage
 * ```ts
 * import { datasetFromArrays } from "@sparsemble/sparsemble";
 * import { columnInputs, fitPreprocessing } from "@sparsemble/sparsemble/data";
 * import assert from "node:assert/strict";
 *
 * const train = datasetFromArrays({ features: [[9, 1, 5], [9, 3, 4]], labels: [0, 1] });
 * const preprocessing = fitPreprocessing(train, { scaling: "standard" });
 * assert.deepEqual(columnInputs(preprocessing), [[], [0], [1]]);
 * ```
 */
export function columnInputs(preprocessing: Preprocessing): number[][] {
  const { featureNames, kept, indicators = [], categorical = [] } = preprocessing;
  const inputs: number[][] = featureNames.map(() => []);
  let place = 0;
  for (const column of kept) inputs[column].push(place++);
  for (const column of indicators) inputs[column].push(place++);
  for (const { column, inputs: count } of categorical) {
    for (let one = 0; one < count; one++) inputs[column].push(place++);
  }
  return inputs;
}
