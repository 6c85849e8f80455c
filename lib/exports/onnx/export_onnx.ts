import type { ExportedFile } from "../exported_file.ts";
import { type ExportPlan, requirePlan } from "../plan.ts";
import { notationText } from "../../data/table/mod.ts";
import { type Graph, newGraph, type Port } from "./graph.ts";
import { addInputs, CATEGORIES, FEATURES, type RawPorts } from "./inputs.ts";
import { addLayers, type LayerForm } from "./layers.ts";
import { addClasses, addNumber } from "./outputs.ts";

/** The options of {@linkcode exportOnnx}. */
export interface ExportOnnxOptions {
  /** The file's name before `.onnx`. Left out: `model`. */
  readonly name?: string | undefined;
  /** The form of the layers. Left out: `auto`, the form that onnxruntime computes faster. */
  readonly layers?: LayerForm | undefined;
}

/**
 * Exports a model to ONNX (operator set 17), with its preprocessing and the mean of its members.
 *
 * The graph takes `features`: 32-bit floats, rows × columns of numbers, where NaN is a missing value. If
 * the model uses columns of texts, it also takes `categories`: texts, rows × such columns. It returns
 * `probabilities` and `label`, or `value`. With a calibrated coverage, it also returns `set`, or `lower`
 * and `upper`. A row that the library refuses gets NaN as its answer, and no label.
 *
 * @throws {TypeError} If the model's answer is the same for every row.
 * @throws {RangeError} If the file would have more than 2 GB, or a matrix more than 2³¹ elements.
 *
 * @example Usage
 * ```ts
 * import { datasetFromArrays, fit } from "@sparsemble/sparsemble";
 * import { exportOnnx, planModel } from "@sparsemble/sparsemble/exports";
 * import assert from "node:assert/strict";
 *
 * const dataset = datasetFromArrays({
 *   features: Array.from({ length: 200 }, (_, row) => [row % 20, row]),
 *   labels: Array.from({ length: 200 }, (_, row) => row % 20 < 10 ? "low" : "high"),
 * });
 * const settings = { hidden: [20], epsilon: 5, epochs: 10, explore: 4, members: 2, batchSize: 16 };
 * const [{ name }] = exportOnnx(planModel(await fit(dataset, settings)));
 * assert.equal(name, "model.onnx");
 * ```
 */
export function exportOnnx(plan: ExportPlan, options: ExportOnnxOptions = {}): ExportedFile[] {
  requirePlan(plan);
  const { name = "model", layers = "auto" } = options;
  if (plan.inputs === 0) {
    throw new TypeError(
      "Cannot export the model to ONNX: found the same answer for every row, need one that depends on " +
        "a column",
    );
  }
  const graph = newGraph();
  const raw = rawPorts(plan);
  const { inputs, refused } = addInputs(graph, plan, raw);
  const sum = memberSum(graph, plan, inputs, layers);
  const outputs = plan.output.kind === "classes"
    ? addClasses(graph, plan.output, plan.conformal, sum, refused)
    : addNumber(graph, plan.output, plan.conformal, sum, refused);
  const content = graph.file({
    name,
    description:
      `An ensemble of ${plan.members.length} sparse networks that predicts ${plan.target}`,
    inputs: inputPorts(raw),
    outputs,
    metadata: metadataOf(plan, raw),
  });
  return [{ name: `${name}.onnx`, content }];
}

/** The sum of the members' outputs times their shares, 32-bit floats. */
function memberSum(graph: Graph, plan: ExportPlan, inputs: string, form: LayerForm): string {
  const parts = plan.members.map(({ number, share, layers }) => {
    const outputs = addLayers(graph, layers, inputs, `member.${number}`, form);
    const answer = plan.output.kind === "classes"
      ? graph.add("Softmax", [outputs], { axis: 1n })
      : outputs;
    const factor = graph.constant({ data: Float32Array.of(share), shape: [1, 1] });
    return graph.add("Mul", [answer, factor]);
  });
  return parts.reduce((a, b) => graph.add("Add", [a, b]));
}

function rawPorts({ columns, texts, categories, missing }: ExportPlan): RawPorts {
  const ofTexts = new Set(texts.map(({ column }) => column));
  const isUsed = [...categories, ...missing].some(({ column }) => ofTexts.has(column));
  return {
    numbers: [...columns.keys()].filter((column) => !ofTexts.has(column)),
    texts: isUsed ? texts : [],
  };
}

function inputPorts({ numbers, texts }: RawPorts): Port[] {
  const ports: Port[] = [];
  if (numbers.length > 0) {
    ports.push({
      name: FEATURES,
      type: "float",
      shape: ["rows", numbers.length],
      description: "The columns of numbers, NaN where a value is missing",
    });
  }
  if (texts.length > 0) {
    ports.push({
      name: CATEGORIES,
      type: "string",
      shape: ["rows", texts.length],
      description: "The columns of texts, without blanks around them, empty where one is missing",
    });
  }
  return ports;
}

/** The facts that the graph does not contain, as texts; lists are JSON. */
function metadataOf(plan: ExportPlan, { numbers, texts }: RawPorts): Record<string, string> {
  const { columns, notations, target, output, members } = plan;
  const notes = notations.map(({ column, ...notation }) =>
    [columns[column], notationText(notation)] as const
  );
  return {
    target,
    features: JSON.stringify(numbers.map((column) => columns[column])),
    categories: JSON.stringify(texts.map(({ column }) => columns[column])),
    classes: JSON.stringify(output.kind === "classes" ? output.classes : []),
    members: JSON.stringify(members.map(({ number }) => number)),
    notations: JSON.stringify(Object.fromEntries(notes)),
  };
}
