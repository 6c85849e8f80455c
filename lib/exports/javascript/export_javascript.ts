import { LEAST_PROBABILITY } from "../../prediction/mod.ts";
import { NORMAL_QUANTILE_FRACTIONS } from "../../statistics/mod.ts";
import type { ExportedFile } from "../exported_file.ts";
import { type ExportPlan, requirePlan } from "../plan.ts";
import { encodePlan } from "./encode_plan.ts";
import { PREDICTION_WASM } from "./prediction_wasm.ts";
import {
  inputMaker,
  normalQuantiles,
  openModel,
  plainMembers,
  rowReader,
  wasmMembers,
} from "./runtime/mod.ts";

/** The options of {@linkcode exportJavaScript}. */
export interface ExportJavaScriptOptions {
  /** The files' name before `.js` and `.d.ts`. Left out: `model`. */
  readonly name?: string | undefined;
}

/**
 * The largest number of bytes of a model. Some engines limit a string to 512 MB, and base64 takes 4 / 3 of
 * the bytes.
 */
const MOST_BYTES = 2 ** 28;

/** A function that an exported module offers. */
interface Offer {
  /** Its name. */
  readonly name: string;
  /** The function of the open model. */
  readonly of: string;
  /** A sentence for people. */
  readonly text: string;
  /** The type of its answer. */
  readonly type: string;
}

/**
 * Exports a model as one ES module that only predicts, and its types. The module needs no permission and
 * imports nothing. It runs in Node 20, Deno, Bun and browsers. It predicts with the WebAssembly kernels,
 * and uses relaxed SIMD if the engine has it. If WebAssembly is forbidden, it predicts in plain JavaScript.
 *
 * @throws {RangeError} If the model is too large for a string.
 *
 * @example Usage
 * ```ts
 * import { datasetFromArrays, fit } from "@sparsemble/sparsemble";
 * import { exportJavaScript, planModel } from "@sparsemble/sparsemble/exports";
 * import assert from "node:assert/strict";
 *
 * const dataset = datasetFromArrays({
 *   features: Array.from({ length: 200 }, (_, row) => [row % 20, row]),
 *   labels: Array.from({ length: 200 }, (_, row) => row % 20 < 10 ? "low" : "high"),
 * });
 * const settings = { hidden: [20], epsilon: 5, epochs: 10, explore: 4, members: 2, batchSize: 16 };
 * const [module, types] = exportJavaScript(planModel(await fit(dataset, settings)));
 * assert.deepEqual([module.name, types.name], ["model.js", "model.d.ts"]);
 * ```
 */
export function exportJavaScript(
  plan: ExportPlan,
  options: ExportJavaScriptOptions = {},
): ExportedFile[] {
  requirePlan(plan);
  const { name = "model" } = options;
  return [
    { name: `${name}.js`, content: moduleText(plan, name) },
    { name: `${name}.d.ts`, content: typesText(plan) },
  ];
}

/** The functions and constants of a module, by the kind of model. */
function offersOf({ output, conformal }: ExportPlan): Offer[] {
  const isClasses = output.kind === "classes";
  const coverage = conformal?.coverage ?? NaN;
  const offers: Offer[] = isClasses
    ? [
      {
        name: "predict",
        of: "predictClasses",
        text: "The most probable class of every row.",
        type: "string[]",
      },
      {
        name: "predictProba",
        of: "predictProba",
        text: "The probability of every class, in the order of `classes`, for every row.",
        type: "Float32Array[]",
      },
    ]
    : [{
      name: "predict",
      of: "predictNumbers",
      text: "The predicted number of every row.",
      type: "number[]",
    }];
  if (conformal === null) return offers;
  return [
    ...offers,
    isClasses
      ? {
        name: "predictSets",
        of: "predictSets",
        text: `The classes of every row that hold the true one of a share of ${coverage} of rows.`,
        type: "string[][]",
      }
      : {
        name: "predictIntervals",
        of: "predictIntervals",
        text: `An interval for every row that holds the number of a share of ${coverage} of rows.`,
        type: "{ lower: number; upper: number }[]",
      },
  ];
}

function moduleText(plan: ExportPlan, name: string): string {
  const { facts, bytes } = encodePlan(plan);
  if (bytes.length > MOST_BYTES) {
    throw new RangeError(
      `Cannot export the model to a module: found ${bytes.length} bytes of weights, need at most ` +
        `${MOST_BYTES}, the most that a text holds; fewer members have fewer`,
    );
  }
  const offers = offersOf(plan).map(({ name, of, text }) => `
/** ${text} */
export function ${name}(rows) {
  return model.${of}(rows);
}
`).join("");
  const classes = facts.output.kind === "number" ? "" : `
/** The classes. */
export const classes = facts.output.classes;
`;
  return `// A model of ${plan.members.length} sparse networks that predicts ${
    literal(plan.target)
  }.
// It needs nothing but this file. Made by Sparsemble.
// @ts-self-types="./${name}.d.ts"

const facts = ${literal(facts)};

const arrays = "${base64Of(bytes)}";

const kernels = ${literal(PREDICTION_WASM)};

const normalQuantile = (${normalQuantiles})(${literal(NORMAL_QUANTILE_FRACTIONS)});

const model = (${openModel})({
  facts,
  arrays,
  kernels,
  normalQuantile,
  rowReader: ${rowReader},
  inputMaker: ${inputMaker},
  wasmMembers: ${wasmMembers},
  plainMembers: ${plainMembers},
  leastProbability: ${LEAST_PROBABILITY},
});

/** The columns of a row, in order. */
export const columns = facts.columns;

/** The name of the target. */
export const target = facts.target;
${classes}${offers}
/** The name of the kernels in use: relaxed-simd, simd or javascript. */
export function kernelsInUse() {
  return model.kernels();
}
`;
}

/** Bytes in base64, where `toBase64` is missing too: Node 24 and older browsers. */
function base64Of(bytes: Uint8Array): string {
  const letters: string[] = [];
  for (let from = 0; from < bytes.length; from += 2 ** 14) {
    letters.push(String.fromCharCode(...bytes.subarray(from, from + 2 ** 14)));
  }
  return btoa(letters.join(""));
}

/** A value as JavaScript, which may stand in a page too. */
function literal(value: unknown): string {
  return JSON.stringify(value).replaceAll("</", "<\\/");
}

function typesText(plan: ExportPlan): string {
  const { columns, texts, output } = plan;
  const ofTexts = new Map(texts.map(({ column, categories }) => [column, categories]));
  const cells = columns.map((name, column) => {
    const kind = ofTexts.has(column) ? "Category" : "Cell";
    return `  ${JSON.stringify(name)}?: ${kind};`;
  });
  const classes = output.kind === "number" ? "" : `
/** The classes. */
export declare const classes: readonly string[];
`;
  const offers = offersOf(plan).map(({ name, text, type }) => `
/** ${text} */
export declare function ${name}(rows: readonly Row[]): ${type};
`).join("");
  return `/** A number, or a text that is one; nothing where a value is missing. */
export type Cell = number | string | boolean | bigint | Date | null | undefined;

/** The text of a category; nothing where it is missing. */
export type Category = Cell;

/** A row by the names of its columns. Others may stand beside them. */
export interface NamedRow {
${cells.join("\n")}
  [other: string]: unknown;
}

/** A row: its cells in the order of \`columns\`, or by their names. */
export type Row = readonly Cell[] | NamedRow;

/** The columns of a row, in order. */
export declare const columns: readonly string[];

/** The name of the target. */
export declare const target: string;
${classes}${offers}
/** The name of the kernels in use: relaxed-simd, simd or javascript. */
export declare function kernelsInUse(): "relaxed-simd" | "simd" | "javascript";
`;
}
