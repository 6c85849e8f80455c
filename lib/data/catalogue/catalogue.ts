/**
 * The data sets of the paper: Gesture Phase Segmentation, HIGGS, and the 14 numerical classification
 * tasks of the tabular benchmark (Grinsztajn, Oyallon and Varoquaux, 2022; the paper's Table 7). HIGGS,
 * Jannis and MiniBooNE are there as a whole and in part.
 *
 * @module
 */
import { BENCHMARK_DATASETS, HELD_OUT } from "./catalogue_benchmark.ts";
import type { CatalogueDataset, CatalogueFile } from "./catalogue_entry.ts";
import { nearestName, quoted, quotedList } from "../../messages.ts";

const { jannis, "magic-telescope": magicTelescope, miniboone, pol, ...others } = BENCHMARK_DATASETS;

/** The folder with the authors' own split of Gesture Phase. */
const GESTURE_PHASE = "https://raw.githubusercontent.com/prdvanderwal/Truly-Sparse-Ensembles/" +
  "97e5ac12b15609fd57b0ea0181bed3ef3dcc4f1f/data/GP/";

const HIGGS_FEATURES = [
  ..."lepton_pT,lepton_eta,lepton_phi,missing_energy_magnitude,missing_energy_phi".split(","),
  ...[1, 2, 3, 4].flatMap((jet) =>
    ["pt", "eta", "phi", "b-tag"].map((name) => `jet_${jet}_${name}`)
  ),
  ..."m_jj,m_jjj,m_lv,m_jlv,m_bb,m_wbb,m_wwbb".split(","),
];

const higgs: CatalogueDataset = {
  title: "HIGGS",
  file: "higgs.csv.gz",
  testFile: null,
  target: "target",
  rows: 11_000_000,
  features: 28,
  classes: 2,
  extent: "exact",
  whole: null,
  paper: { rows: null, features: 28 },
  original: "UCI Machine Learning Repository, doi:10.24432/C5V312",
  licence: "CC BY 4.0 (UCI)",
  transformation:
    "none but the label's place and name; how many of these rows the paper used it does " +
    "not say",
  split: HELD_OUT,
  files: [{
    name: "higgs.csv.gz",
    rows: 11_000_000,
    sha256: null,
    csvSha256: null,
    numbersSha256: null,
  }],
  sources: [{
    publisher: "uci",
    downloads: [{
      address: "https://archive.ics.uci.edu/static/public/280/higgs.zip",
      sha256: null,
    }],
    form: "zip",
    member: "HIGGS.csv.gz",
    header: ["class", ...HIGGS_FEATURES],
    label: "class",
    codes: { "1.000000000000000000e+00": "1", "0.000000000000000000e+00": "0" },
  }],
};

/** A part of a data set, which nobody offers. */
function subset(
  whole: string,
  dataset: CatalogueDataset,
  file: CatalogueFile,
  changes: Partial<CatalogueDataset>,
): CatalogueDataset {
  return {
    ...dataset,
    title: `${dataset.title} (subset)`,
    file: file.name,
    rows: file.rows,
    extent: "subset",
    whole,
    files: [file],
    sources: [],
    ...changes,
  };
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
    whole: null,
    paper: { rows: null, features: 50 },
    original: "UCI Machine Learning Repository, doi:10.24432/C5Z32C",
    licence: "CC BY 4.0 (UCI)",
    transformation: "by the paper's authors: features scaled to [0, 1]; here written with 9 digits",
    split: "the authors' own: 7898 rows to learn from, 1975 to be tested on",
    files: [
      {
        name: "gesture_phase_train.csv.gz",
        rows: 7898,
        sha256: "c0fd92a1b78ef0f6b89344db8833a71ca8d515211487652651a5d709e55a1392",
        csvSha256: "1499b7462662a553408a4ae349e223be7caa4f5fa441dd4661d8bbcef22b3e48",
        numbersSha256: "cdc0dfe54c457fa9f029620533b8f651ba9c207f106b678499785de36ecdbb55",
      },
      {
        name: "gesture_phase_test.csv.gz",
        rows: 1975,
        sha256: "d09f6201e3e80574d1e05fc0663798a3267af4d5e19ebfbb5ab96ca6b6701ca4",
        csvSha256: "04b37e03c1e9bfd87f6e0c73e66b9fdc9bde8ba1b3fc76d4bd508ff91d9744f0",
        numbersSha256: "67df0258dd7872ad8f29c41118e3f39b6b8efd215362804f46673a17eab4cf01",
      },
    ],
    sources: [{
      publisher: "github",
      downloads: ["x_train", "y_train", "x_test", "y_test"].map((name) => ({
        address: `${GESTURE_PHASE}${name}.npy`,
        sha256: null,
      })),
      form: "npy-pairs",
      label: "y",
      codes: null,
    }],
  },
  "higgs-subset": subset("higgs", higgs, {
    name: "Higgs-subset.csv.gz",
    rows: 35298,
    sha256: "f7152071b18214a8777b071d6b4bc77436d1c091f9e62c53eb46b613f36209d3",
    csvSha256: "afc66998a3088251063ca14b66faf4260005d1ebc9ad83b3b6f644a1aa4fd0bb",
    numbersSha256: "0644cba3344ff6c0be6494d12f46120c6683e8899567f370e4e0ea2e80de2dab",
  }, {
    original: "OpenML 23512 (98050 rows of UCI's 11000000, doi:10.24432/C5V312)",
    transformation: "the validation and test parts of the split of OpenML 23512 that is known as " +
      "higgs-small, all 28 features as they are, classes not balanced",
  }),
  ...others,
  "jannis-subset": subset("jannis", jannis, {
    name: "jannis-subset.csv.gz",
    rows: 20730,
    sha256: "fa915568a41db300bc23be604d409978008f4a11b1a30956c614ef1f73804dca",
    csvSha256: "1c54db4c50682c3c505283f4ac3ae7162154d3e8f4664354fac04b38440304ae",
    numbersSha256: "9e8e4ff1c1951bff0a32ecebf987856371736ac90b7317323460a0f9e796339d",
  }, {
    transformation:
      "rebuilt from the validation and test parts of a public split of OpenML 41168: its " +
      "two most frequent classes, balanced by the benchmark's rule; which of them the benchmark codes 0 " +
      "is not known",
  }),
  "magic-telescope": magicTelescope,
  "miniboone-subset": subset("miniboone", miniboone, {
    name: "MiniBooNE-subset.csv.gz",
    rows: 3628,
    sha256: "496145c2779c4bdf3edb581d6b1eef9c64704d5b77e8dea60d9ebbfbe1cf8126",
    csvSha256: "ca9c44237a11dfc1afd7b587f320008cc9fe1ad2bc2c972bc037f41ecdb52798",
    numbersSha256: "bbed7fb5a83ac9bd5259060e2fb787c215927c912d090a98e3f40a1772895ccb",
  }, {
    transformation:
      "6600 rows that were drawn with replacement from OpenML 41150 and standardised, " +
      "balanced by the benchmark's rule",
  }),
  pol,
  jannis,
  miniboone,
  higgs,
};

/**
 * A data set of the catalogue.
 *
 * @throws {RangeError} If there is none of that name.
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
  const nearest = nearestName(name, Object.keys(CATALOGUE));
  throw new RangeError(
    `Cannot find a data set: found ${quoted(name)}, need one of ${
      quotedList(Object.keys(CATALOGUE))
    }${nearest === undefined ? "" : `; did you mean ${quoted(nearest)}?`}`,
  );
}
