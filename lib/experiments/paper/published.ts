/**
 * The numbers that the paper prints, unchanged: P. R. D. van der Wal, N. Strisciuglio, G. Azzopardi and D.
 * C. Mocanu, "Multilayer perceptron ensembles in a truly sparse training context", Neural Computing and
 * Applications (2025).
 */
import type { MethodName } from "../../methods/mod.ts";
import printed from "./published.json" with { type: "json" };

/** The data sets of Table 1, as the catalogue names them. */
export type Table1Dataset = "gesture-phase" | "higgs";

/**
 * The data set of Table 1 to which a data set of the catalogue belongs, as a whole or in part; `null` for
 * others.
 */
export function publishedDataset(name: string): Table1Dataset | null {
  if (name === "gesture-phase") return name;
  return name === "higgs" || name === "higgs-subset" ? "higgs" : null;
}

/** A row of Table 1. Sizes are multiples of the single dense model's. */
export interface PublishedRun {
  readonly method: MethodName;
  /** The density control; `null` for dense models. */
  readonly epsilon: number | null;
  /** Test accuracy in percent: mean of three runs. */
  readonly accuracy: number;
  /** Its standard deviation; `null` for one run. */
  readonly accuracyDeviation: number | null;
  readonly weights: number;
  /** Training FLOPs, counted by hardware. */
  readonly flops: number;
  /** Training time in minutes. */
  readonly minutes: number;
  /** `true` if Table 1 marks it as significantly better than EDST_RG at the same sparsity. */
  readonly marked: boolean;
}

/** The models of Table 1 on one data set. */
export interface PublishedModels {
  /** The single dense model's weights, biases included. */
  readonly denseWeights: number;
  readonly denseFlops: number;
  readonly runs: readonly PublishedRun[];
}

/** Rows of a table in `published.json`: values in the order of `columns`. */
interface PrintedRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | boolean | null)[])[];
}

/** One value per data set of Table 1. */
type ByDataset<Value> = Readonly<Record<Table1Dataset, Value>>;

function rowsOf<Row>({ columns, rows }: PrintedRows): readonly Row[] {
  return rows.map((row) => Object.fromEntries(columns.map((name, c) => [name, row[c]])) as Row);
}

function rowsByDataset<Row>(tables: ByDataset<PrintedRows>): ByDataset<readonly Row[]> {
  return { "gesture-phase": rowsOf(tables["gesture-phase"]), higgs: rowsOf(tables.higgs) };
}

function modelsOf(table: Omit<PublishedModels, "runs"> & PrintedRows): PublishedModels {
  const { denseWeights, denseFlops } = table;
  return { denseWeights, denseFlops, runs: rowsOf(table) };
}

/** Table 6: ε and the sparsity S that the paper gives for it in Table 1. */
export const SPARSITY: Readonly<Record<number, number>> = printed.sparsity;

/** Table 1: Gesture Phase Segmentation and HIGGS. */
export const TABLE1: ByDataset<PublishedModels> = {
  "gesture-phase": modelsOf(printed.table1["gesture-phase"]),
  higgs: modelsOf(printed.table1.higgs),
};

/**
 * Table 2: the number of the 14 data sets on which each model is best, and the training time for all of
 * them.
 */
export const TABLE2 = rowsOf<
  { readonly method: MethodName; readonly wins: number; readonly minutes: number }
>(printed.table2);

/** Table 3: test accuracy in percent without and with the Comprehensive Refinement Phase. */
export const TABLE3 = rowsByDataset<
  { readonly method: MethodName; readonly plain: number; readonly comprehensive: number }
>(printed.table3);

/** Table 4: seconds of a re-initialisation, and candidates drawn, by neurons of the square layer. */
export const TABLE4: readonly {
  readonly method: "rd" | "fd" | "dist";
  readonly neurons: number;
  readonly seconds: number;
  readonly secondsDeviation: number;
  readonly iterations: number | null;
  readonly iterationsDeviation: number | null;
}[] = rowsOf(printed.table4);

/**
 * Table 5: accuracies in percent on 30 bootstrapped test sets, and the one-tailed Wilcoxon test
 * against EDST_RG; `null` for EDST_RG itself.
 */
export const TABLE5 = rowsByDataset<{
  readonly method: MethodName;
  readonly epsilon: number;
  readonly accuracy: number;
  readonly accuracyDeviation: number;
  readonly statistic: number | null;
  readonly pValue: number | null;
}>(printed.table5);
