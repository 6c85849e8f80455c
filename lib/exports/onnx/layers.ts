/**
 * Writes the layers of a member as ONNX operators, in one of two forms. `dense` multiplies by full
 * matrices, most of whose weights are 0; the file stores the other weights with their places. `gather`
 * gathers the inputs of every connection and multiplies only them. Onnxruntime is faster with `dense` if
 * every neuron has its own connections, and with `gather` if neurons in blocks share them: results/exports.
 *
 * @module
 */
import type { PlannedActivation, PlannedLayer } from "../plan.ts";
import type { Constant, Graph } from "./graph.ts";

/** The forms of the layers. `auto` is the faster of the two, layer by layer. */
export const LAYER_FORMS = ["auto", "dense", "gather"] as const;

/** The form of the layers. */
export type LayerForm = typeof LAYER_FORMS[number];

/** A sparse layer of a plan. */
type SparseLayer = Extract<PlannedLayer, { readonly kind: "sparse" }>;

/**
 * A matrix with a smaller share of weights is stored with places. A weight then takes 8 bytes instead of 4,
 * and zeros take none.
 */
const MOST_SPARSE = 1 / 2;

/** With `auto`, a layer is gathered if at least this many neurons share their inputs. */
const FEWEST_SHARING = 4;

/** In addition, no neuron may have more than this share of the inputs. */
const MOST_GATHERED = 1 / 4;

/** Places are 32-bit integers. */
const MOST_PLACES = 2 ** 31 - 1;

/**
 * Adds a member's layers.
 *
 * @param x The inputs: rows × inputs.
 * @param name The name of the member. The names of its values begin with it.
 * @returns The outputs before a softmax: rows × outputs, or 1 × outputs if they are the same for every row.
 */
export function addLayers(
  graph: Graph,
  layers: readonly PlannedLayer[],
  x: string,
  name: string,
  form: LayerForm,
): string {
  // After a layer without inputs, all values are the same for every row.
  const first = layers.findLastIndex(({ inputs }) => inputs === 0);
  /** `true` if the values are inputs × rows, as gathering needs them. */
  let isTurned = false;
  let value = x;
  const turn = (wanted: boolean) => {
    if (isTurned !== wanted) value = graph.add("Transpose", [value], { perm: [1n, 0n] });
    isTurned = wanted;
  };
  layers.forEach((layer, l) => {
    const own = `${name}.layer.${l}`;
    if (l < first) return;
    if (l === first) {
      value = graph.constant({ data: layer.bias, shape: [1, layer.outputs] }, `${own}.bias`);
    } else if (isSparse(layer) && hasOneInputEach(layer)) {
      value = selected(graph, layer, value, own, isTurned);
    } else if (isSparse(layer) && gathers(layer, form)) {
      turn(true);
      value = gathered(graph, layer, value, own);
    } else {
      turn(false);
      value = multiplied(graph, layer, value, own);
    }
    value = activated(graph, layer.activation, value);
  });
  turn(false);
  return value;
}

/** Returns `true` if a layer's connections are gathered. */
function gathers(layer: SparseLayer, form: LayerForm): boolean {
  if (form !== "auto") return form === "gather";
  return layer.blockSize >= FEWEST_SHARING && longestRow(layer) <= MOST_GATHERED * layer.inputs;
}

/** The largest number of connections of a row of blocks. */
function longestRow({ indptr }: SparseLayer): number {
  return indptr.reduce((most, end, row) => Math.max(most, end - (indptr[row - 1] ?? 0)), 0);
}

function isSparse(layer: PlannedLayer): layer is SparseLayer {
  return layer.kind === "sparse";
}

/** Returns `true` if every output has one input, as in a periodic embedding. */
function hasOneInputEach({ blockSize, indptr }: SparseLayer): boolean {
  return blockSize === 1 && indptr.every((end, row) => end === row);
}

/** For outputs with one input each: the input is selected, multiplied and shifted. */
function selected(
  graph: Graph,
  { indices, data, bias, outputs }: SparseLayer,
  x: string,
  name: string,
  isTurned: boolean,
): string {
  const shape = isTurned ? [outputs, 1] : [1, outputs];
  const places = { data: BigInt64Array.from(indices, BigInt), shape: [outputs] };
  const taken = graph.add("Gather", [x, graph.constant(places, `${name}.inputs`)], {
    axis: isTurned ? 0n : 1n,
  });
  const weights = graph.constant({ data, shape }, `${name}.weights`);
  return graph.add("Add", [
    graph.add("Mul", [taken, weights]),
    graph.constant({ data: bias, shape }, `${name}.bias`),
  ]);
}

/** A matrix product with all weights. */
function multiplied(graph: Graph, layer: PlannedLayer, x: string, name: string): string {
  const { inputs, outputs, bias } = layer;
  const shape = [outputs, inputs];
  const own = `${name}.weights`;
  const weights = layer.kind === "dense"
    ? graph.constant({ data: layer.weights, shape }, own)
    : sparseMatrix(graph, layer, own);
  return graph.add(
    "Gemm",
    [x, weights, graph.constant({ data: bias, shape: [outputs] }, `${name}.bias`)],
    { transB: 1n },
  );
}

function sparseMatrix(graph: Graph, layer: SparseLayer, name: string): string {
  const { inputs, outputs, indptr, indices, data, blockSize } = layer;
  const shape = [outputs, inputs];
  if (outputs * inputs > MOST_PLACES) {
    throw new RangeError(
      `Cannot export a layer of ${outputs} × ${inputs} weights to ONNX as a matrix: found ` +
        `${
          outputs * inputs
        } places, need at most ${MOST_PLACES}; gathered layers have no such limit`,
    );
  }
  const places = new Int32Array(data.length);
  const values = new Float32Array(data.length);
  let count = 0;
  for (let row = 0; row < indptr.length - 1; row++) {
    for (let g = 0; g < blockSize; g++) {
      for (let k = indptr[row]; k < indptr[row + 1]; k++) {
        places[count] = (row * blockSize + g) * inputs + indices[k];
        values[count++] = data[k * blockSize + g];
      }
    }
  }
  if (count >= MOST_SPARSE * outputs * inputs) {
    const all = new Float32Array(outputs * inputs);
    places.forEach((place, k) => all[place] = values[k]);
    return graph.constant({ data: all, shape }, name);
  }
  const length = outputs * inputs;
  const constant = (data: Constant["data"], what: string) =>
    graph.constant({ data, shape: [data.length] }, `${name}.${what}`);
  // A runtime computes this once, when it opens the file.
  const zeros = graph.add("ConstantOfShape", [
    constant(BigInt64Array.of(BigInt(length)), "length"),
  ]);
  const all = graph.add("ScatterElements", [
    zeros,
    constant(places, "places"),
    constant(values, "values"),
  ], { axis: 0n });
  return graph.add("Reshape", [all, constant(BigInt64Array.from(shape, BigInt), "shape")]);
}

/**
 * A product with the stored weights, for values of shape inputs × rows. Rows of blocks with fewer inputs
 * than the longest row are padded with weights of 0.
 */
function gathered(graph: Graph, layer: SparseLayer, x: string, name: string): string {
  const { outputs, indptr, indices, data, bias, blockSize } = layer;
  const blockRows = indptr.length - 1;
  const length = Math.max(1, longestRow(layer));
  const places = new BigInt64Array(blockRows * length);
  const weights = new Float32Array(outputs * length);
  for (let row = 0; row < blockRows; row++) {
    for (let k = indptr[row]; k < indptr[row + 1]; k++) {
      places[row * length + k - indptr[row]] = BigInt(indices[k]);
      for (let g = 0; g < blockSize; g++) {
        weights[(row * blockSize + g) * length + k - indptr[row]] = data[k * blockSize + g];
      }
    }
  }
  const taken = graph.add("Gather", [
    x,
    graph.constant({ data: places, shape: [blockRows, length] }, `${name}.inputs`),
  ], { axis: 0n });
  const product = graph.add("MatMul", [
    graph.constant({ data: weights, shape: [blockRows, blockSize, length] }, `${name}.weights`),
    taken,
  ]);
  const shape = graph.constant({ data: BigInt64Array.of(BigInt(outputs), -1n), shape: [2] });
  return graph.add("Add", [
    graph.add("Reshape", [product, shape]),
    graph.constant({ data: bias, shape: [outputs, 1] }, `${name}.bias`),
  ]);
}

function activated(graph: Graph, activation: PlannedActivation, z: string): string {
  if (activation.kind === "none") return z;
  if (activation.kind === "sine") return graph.add("Sin", [z]);
  if (activation.slope === 0) return graph.add("Relu", [z]);
  return graph.add("LeakyRelu", [z], { alpha: activation.slope });
}
