/**
 * The data sets of the paper: Gesture Phase Segmentation, HIGGS, and the 14 numerical classification
 * tasks of the tabular benchmark (Grinsztajn, Oyallon and Varoquaux, 2022; the paper's Table 7).
 *
 * @module
 */
import { quoted, quotedList } from "./naming.ts";

/** A data set of the catalogue. */
export interface CatalogueDataset {
  /** How the paper names it. */
  readonly title: string;
  /** The table's file name. */
  readonly file: string;
  /** The file name of the test rows that its authors set aside; `null` to hold some out at random. */
  readonly testFile: string | null;
  /** The target column. */
  readonly target: string;
  /** Rows of all files. */
  readonly rows: number;
  /** Feature columns. */
  readonly features: number;
  /** Classes. */
  readonly classes: number;
  /** Whether these are the rows that the paper used, or only some of them. */
  readonly extent: "exact" | "subset";
}

/** The data sets by name. */
export const CATALOGUE: Readonly<Record<string, CatalogueDataset>> = {
  "gesture-phase": {
    title: "Gesture Phase Segmentation",
    file: "gesture_phase_train.csv.gz",
    testFile: "gesture_phase_test.csv.gz",
    target: "target",
    rows: 9873,
    features: 50,
    classes: 5,
    extent: "exact",
  },
  "higgs-subset": {
    title: "HIGGS (subset)",
    file: "Higgs-subset.csv.gz",
    testFile: null,
    target: "target",
    rows: 35298,
    features: 28,
    classes: 2,
    extent: "subset",
  },
  "bank-marketing": {
    title: "Bank marketing",
    file: "bank-marketing.csv.gz",
    testFile: null,
    target: "target",
    rows: 10578,
    features: 7,
    classes: 2,
    extent: "exact",
  },
  bioresponse: {
    title: "Bioresponse",
    file: "Bioresponse.csv.gz",
    testFile: null,
    target: "target",
    rows: 3434,
    features: 419,
    classes: 2,
    extent: "exact",
  },
  california: {
    title: "California",
    file: "california.csv.gz",
    testFile: null,
    target: "target",
    rows: 20634,
    features: 8,
    classes: 2,
    extent: "exact",
  },
  credit: {
    title: "Credit",
    file: "credit.csv.gz",
    testFile: null,
    target: "target",
    rows: 16714,
    features: 10,
    classes: 2,
    extent: "exact",
  },
  "default-of-credit-card-clients": {
    title: "Default of credit card clients",
    file: "default-of-credit-card-clients.csv.gz",
    testFile: null,
    target: "target",
    rows: 13272,
    features: 20,
    classes: 2,
    extent: "exact",
  },
  diabetes130us: {
    title: "Diabetes130US",
    file: "Diabetes130US.csv.gz",
    testFile: null,
    target: "target",
    rows: 71090,
    features: 7,
    classes: 2,
    extent: "exact",
  },
  electricity: {
    title: "Electricity",
    file: "electricity.csv.gz",
    testFile: null,
    target: "target",
    rows: 38474,
    features: 7,
    classes: 2,
    extent: "exact",
  },
  "eye-movements": {
    title: "Eye movements",
    file: "eye_movements.csv.gz",
    testFile: null,
    target: "target",
    rows: 7608,
    features: 20,
    classes: 2,
    extent: "exact",
  },
  heloc: {
    title: "Heloc",
    file: "heloc.csv.gz",
    testFile: null,
    target: "target",
    rows: 10000,
    features: 22,
    classes: 2,
    extent: "exact",
  },
  "house-16h": {
    title: "House16",
    file: "house_16H.csv.gz",
    testFile: null,
    target: "target",
    rows: 13488,
    features: 16,
    classes: 2,
    extent: "exact",
  },
  "jannis-subset": {
    title: "Jannis (subset)",
    file: "jannis-subset.csv.gz",
    testFile: null,
    target: "target",
    rows: 20730,
    features: 54,
    classes: 2,
    extent: "subset",
  },
  "magic-telescope": {
    title: "MagicTelescope",
    file: "MagicTelescope.csv.gz",
    testFile: null,
    target: "target",
    rows: 13376,
    features: 10,
    classes: 2,
    extent: "exact",
  },
  "miniboone-subset": {
    title: "MiniBooNE (subset)",
    file: "MiniBooNE-subset.csv.gz",
    testFile: null,
    target: "target",
    rows: 3628,
    features: 50,
    classes: 2,
    extent: "subset",
  },
  pol: {
    title: "Pol",
    file: "pol.csv.gz",
    testFile: null,
    target: "target",
    rows: 10082,
    features: 26,
    classes: 2,
    extent: "exact",
  },
};

/**
 * A data set of the catalogue.
 *
 * @throws {RangeError} If there is none of that name.
 *
 * @example Usage
 * ```ts
 * import { catalogueDataset } from "@sparsemble/sparsemble";
 * import assert from "node:assert/strict";
 *
 * assert.equal(catalogueDataset("gesture-phase").features, 50);
 * ```
 */
export function catalogueDataset(name: string): CatalogueDataset {
  if (Object.hasOwn(CATALOGUE, name)) return CATALOGUE[name];
  throw new RangeError(
    `Cannot find a data set: found ${quoted(name)}, need one of ${
      quotedList(Object.keys(CATALOGUE))
    }`,
  );
}
