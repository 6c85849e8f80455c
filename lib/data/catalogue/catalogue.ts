/**
 * The data sets of the paper: Gesture Phase Segmentation, HIGGS, and the 14 numerical classification tasks
 * of the tabular benchmark (Grinsztajn, Oyallon and Varoquaux, 2022; the paper's Table 7). HIGGS, Jannis
 * and MiniBooNE exist whole and in part. The catalogue also has MNIST and Fashion-MNIST, on which other
 * methods of sparse training were published.
 *
 * @module
 */
import entries from "./catalogue.json" with { type: "json" };
import type { CatalogueDataset } from "./catalogue_entry.ts";
import { didYouMean, quoted, quotedList } from "../../messages.ts";

/** The data sets by name. */
export const CATALOGUE = entries as Readonly<Record<string, CatalogueDataset>>;

/**
 * A data set of the catalogue.
 *
 * @throws {RangeError} If there is no data set of that name.
 *
 * @example Usage
 * ```ts
 * import { catalogueDataset } from "@sparsemble/sparsemble/data";
 * import assert from "node:assert/strict";
 *
 * assert.equal(catalogueDataset("gesture-phase").features, 50);
 * assert.equal(catalogueDataset("jannis-subset").extent, "subset");
 * ```
 */
export function catalogueDataset(name: string): CatalogueDataset {
  if (Object.hasOwn(CATALOGUE, name)) return CATALOGUE[name];
  const names = Object.keys(CATALOGUE);
  throw new RangeError(
    `Cannot find a data set: found ${quoted(name)}, need one of ${quotedList(names)}` +
      didYouMean(name, names),
  );
}
