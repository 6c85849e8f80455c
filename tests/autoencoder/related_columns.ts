import { datasetFromArrays } from "../../lib/data/table/from_arrays.ts";
import { randomStream } from "../../lib/random.ts";

/** Columns that have one cause, among columns of independent noise. */
export const RELATED = [2, 5, 7];

/** Rows of twelve columns, of which {@linkcode RELATED} have one cause. */
export function relatedRows(rows: number, seed: number): number[][] {
  const random = randomStream(seed, "related columns");
  return Array.from({ length: rows }, () => {
    const cause = random.normal();
    return Array.from(
      { length: 12 },
      (_, column) => RELATED.includes(column) ? cause + 0.1 * random.normal() : random.normal(),
    );
  });
}

/** A data set of such rows. Its classes are of no use. */
export function relatedColumns(rows: number, seed = 1) {
  const features = relatedRows(rows, seed);
  return datasetFromArrays({ features, labels: features.map((_, row) => row % 2) });
}
