/**
 * Folding removes the parts of a plan that no answer depends on. A neuron without incoming connections has
 * the same output in every row; it is added to the biases of the next layer. Neurons without outgoing
 * connections, inputs that no member uses, and weights of 0 are removed. The answers stay the same up to
 * rounding.
 *
 * @module
 */
import type { ExportPlan, PlannedActivation, PlannedLayer, PlannedMember } from "./plan.ts";

/** The outputs of a layer, as folding finds them. */
interface Outputs {
  /** The output's value if it is the same in every row; otherwise NaN. */
  readonly constant: Float64Array;
  /** 1 if a later layer, or the answer, depends on the output. */
  readonly used: Uint8Array;
}

/**
 * Makes a plan without dead neurons, constant neurons and unused inputs. `folded` counts the removed parts.
 *
 * @example Usage
 * ```ts
 * import { datasetFromArrays, fit } from "@sparsemble/sparsemble";
 * import { foldPlan, planModel } from "@sparsemble/sparsemble/exports";
 * import assert from "node:assert/strict";
 *
 * const dataset = datasetFromArrays({
 *   features: Array.from({ length: 200 }, (_, row) => [row % 20, row]),
 *   labels: Array.from({ length: 200 }, (_, row) => row % 20 < 10 ? "low" : "high"),
 * });
 * const network = { method: "fd", hidden: [40], epsilon: 1, batchSize: 16 } as const;
 * const settings = { ...network, epochs: 10, explore: 4, members: 1 };
 * const plan = foldPlan(planModel(await fit(dataset, settings)));
 * assert.equal(plan.members[0].layers[0].outputs, 40 - plan.folded.neurons);
 * ```
 */
export function foldPlan(plan: ExportPlan): ExportPlan {
  const usedInputs = new Uint8Array(plan.inputs);
  const found = plan.members.map(({ layers }) => findUsed(layers, usedInputs));
  for (const { input, scaling } of plan.numbers) if (scaling.kind === "zero") usedInputs[input] = 0;
  const members = plan.members.map((member, m): PlannedMember => ({
    ...member,
    layers: member.layers.map((layer, l) => {
      const before = l === 0 ? { constant: null, kept: usedInputs } : {
        constant: found[m][l - 1].constant,
        kept: keptOutputs(member.layers[l - 1], found[m][l - 1]),
      };
      return foldLayer(layer, before.constant, before.kept, found[m][l]);
    }),
  }));
  const place = placesOf(usedInputs);
  const isUsed = ({ input }: { readonly input: number }) => usedInputs[input] === 1;
  const moved = <Input extends { readonly input: number }>(one: Input): Input => ({
    ...one,
    input: place[one.input],
  });
  const categories = plan.categories.map((one) => ({
    ...one,
    inputs: one.inputs.map((input) => input < 0 ? -1 : place[input]),
    other: one.other < 0 ? -1 : place[one.other],
  }));
  const inputs = sum(usedInputs);
  const { folded } = plan;
  return {
    ...plan,
    members,
    inputs,
    numbers: plan.numbers.filter(isUsed).map(moved),
    missing: plan.missing.filter(isUsed).map(moved),
    categories: categories.filter(({ inputs, other }) => other >= 0 || inputs.some((i) => i >= 0)),
    folded: {
      neurons: folded.neurons + neuronsOf(plan) - neuronsOf({ members }),
      weights: folded.weights + weightsOf(plan) - weightsOf({ members }),
      inputs: folded.inputs + plan.inputs - inputs,
    },
  };
}

/** Finds constant outputs from the first layer on, and used ones from the last one back. */
function findUsed(layers: readonly PlannedLayer[], usedInputs: Uint8Array): Outputs[] {
  let before: Float64Array | null = null;
  const found = layers.map((layer, l): Outputs => {
    const constant = constantOutputs(layer, before);
    before = constant;
    const isLast = l === layers.length - 1;
    return { constant, used: new Uint8Array(layer.outputs).fill(isLast ? 1 : 0) };
  });
  for (let l = layers.length - 1; l >= 0; l--) {
    const used = l === 0 ? usedInputs : found[l - 1].used;
    const constant = l === 0 ? null : found[l - 1].constant;
    forEachWeight(layers[l], (output, input, weight) => {
      if (weight === 0 || found[l].used[output] === 0) return;
      if (constant === null || Number.isNaN(constant[input])) used[input] = 1;
    });
  }
  return found;
}

/** The outputs that are the same in every row, because all their inputs are. */
function constantOutputs(layer: PlannedLayer, before: Float64Array | null): Float64Array {
  const sums = Float64Array.from(layer.bias);
  forEachWeight(layer, (output, input, weight) => {
    if (weight !== 0) sums[output] += weight * (before === null ? NaN : before[input]);
  });
  return sums.map((sum) => activated(layer.activation, sum));
}

function activated(activation: PlannedActivation, sum: number): number {
  if (activation.kind === "none") return sum;
  if (activation.kind === "sine") return Math.sin(sum);
  return sum < 0 ? activation.slope * sum : sum;
}

/** 1 for every kept output: the used ones and, with blocks, the others of a block with a used one. */
function keptOutputs(layer: PlannedLayer, { constant, used }: Outputs): Uint8Array {
  const size = layer.kind === "sparse" ? layer.blockSize : 1;
  const kept = new Uint8Array(layer.outputs);
  for (let output = 0; output < layer.outputs; output++) {
    if (used[output] === 0 || !Number.isNaN(constant[output])) continue;
    const first = output - output % size;
    kept.fill(1, first, first + size);
  }
  return kept;
}

/** A layer between kept inputs and kept outputs. Constant inputs are added to its biases. */
function foldLayer(
  layer: PlannedLayer,
  constant: Float64Array | null,
  keptInputs: Uint8Array,
  own: Outputs,
): PlannedLayer {
  const isLast = layer.activation.kind === "none";
  const kept = isLast ? new Uint8Array(layer.outputs).fill(1) : keptOutputs(layer, own);
  const isNeeded = (output: number) => own.used[output] === 1;
  const sums = Float64Array.from(layer.bias);
  if (constant !== null) {
    forEachWeight(layer, (output, input, weight) => {
      if (!Number.isNaN(constant[input])) sums[output] += weight * constant[input];
    });
  }
  const outputs = [...kept.keys()].filter((output) => kept[output] === 1);
  const common = {
    outputs: outputs.length,
    inputs: sum(keptInputs),
    bias: Float32Array.from(outputs, (output) => isNeeded(output) ? sums[output] : 0),
    activation: layer.activation,
  };
  const isFolded = (input: number) => constant !== null && !Number.isNaN(constant[input]);
  if (layer.kind === "dense") {
    const inputs = [...keptInputs.keys()].filter((input) => keptInputs[input] === 1);
    const weights = outputs.flatMap((output) =>
      inputs.map((input) =>
        isFolded(input) || !isNeeded(output) ? 0 : layer.weights[output * layer.inputs + input]
      )
    );
    return { ...common, kind: "dense", weights: Float32Array.from(weights) };
  }
  const { blockSize, indptr, indices, data } = layer;
  const place = placesOf(keptInputs);
  const [ends, ownIndices, ownData]: [number[], number[], number[]] = [[0], [], []];
  for (let row = 0; row < indptr.length - 1; row++) {
    const first = row * blockSize;
    if (kept[first] === 0) continue;
    for (let entry = indptr[row]; entry < indptr[row + 1]; entry++) {
      const input = indices[entry];
      if (keptInputs[input] === 0 || isFolded(input)) continue;
      const block = Array.from(
        data.subarray(entry * blockSize, (entry + 1) * blockSize),
        (weight, g) => isNeeded(first + g) ? weight : 0,
      );
      if (block.every((weight) => weight === 0)) continue;
      ownIndices.push(place[input]);
      ownData.push(...block);
    }
    ends.push(ownIndices.length);
  }
  return {
    ...common,
    kind: "sparse",
    blockSize,
    indptr: Int32Array.from(ends),
    indices: Int32Array.from(ownIndices),
    data: Float32Array.from(ownData),
  };
}

/** Calls a function with every weight of a layer. */
function forEachWeight(
  layer: PlannedLayer,
  visit: (output: number, input: number, weight: number) => void,
): void {
  if (layer.kind === "dense") {
    layer.weights.forEach((weight, at) =>
      visit(Math.floor(at / layer.inputs), at % layer.inputs, weight)
    );
    return;
  }
  const { blockSize, indptr, indices, data } = layer;
  for (let row = 0; row < indptr.length - 1; row++) {
    for (let entry = indptr[row]; entry < indptr[row + 1]; entry++) {
      for (let g = 0; g < blockSize; g++) {
        visit(row * blockSize + g, indices[entry], data[entry * blockSize + g]);
      }
    }
  }
}

/** The new place of every kept element; −1 for a removed one. */
function placesOf(kept: Uint8Array): Int32Array {
  let next = 0;
  return Int32Array.from(kept, (one) => one === 1 ? next++ : -1);
}

function sum(ones: Uint8Array): number {
  return ones.reduce((sum, one) => sum + one, 0);
}

/** The hidden neurons of all members. */
function neuronsOf({ members }: Pick<ExportPlan, "members">): number {
  return members.reduce(
    (sum, { layers }) => layers.slice(0, -1).reduce((sum, { outputs }) => sum + outputs, sum),
    0,
  );
}

/** The stored weights of all members. */
function weightsOf({ members }: Pick<ExportPlan, "members">): number {
  return members.reduce(
    (sum, { layers }) =>
      layers.reduce(
        (sum, layer) => sum + (layer.kind === "dense" ? layer.weights : layer.data).length,
        sum,
      ),
    0,
  );
}
