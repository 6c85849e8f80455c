import { datasetFromArrays } from "../../lib/data/table/from_arrays.ts";
import { randomStream } from "../../lib/random.ts";

/** The columns that have common causes: every 15th. */
export const RELEVANT = Array.from({ length: 20 }, (_, k) => 15 * k + 4);

/** A table of 300 columns: 20 are mixtures of five causes, the others are independent noise. */
export function commonCauses(rows: number, seed: number) {
  const random = randomStream(seed, "common causes");
  const normals = (length: number) => Array.from({ length }, () => random.normal());
  const mixtures = new Map(RELEVANT.map((column) => [column, normals(5)]));
  const features = Array.from({ length: rows }, () => {
    const causes = normals(5);
    return Array.from({ length: 300 }, (_, column) => {
      const mixture = mixtures.get(column);
      if (mixture === undefined) return random.normal();
      return mixture.reduce((sum, part, k) => sum + part * causes[k], 0.1 * random.normal());
    });
  });
  return datasetFromArrays({ features, labels: features.map((_, row) => row % 2) });
}
