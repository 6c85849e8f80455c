import { foldPlan } from "./folding.ts";
import { type InputSteps, inputSteps, rowInputs } from "./inputs/mod.ts";
import type { ExportPlan, PlannedLayer } from "./plan.ts";

/** Lower probabilities are raised to this one before their logarithm is taken. */
const LEAST_PROBABILITY = Number.EPSILON;

/**
 * Makes a function that answers raw rows by a plan, as {@linkcode predictFloats} does, for plans of any
 * kind.
 */
export function planPredictor(
  plan: ExportPlan,
): (row: ArrayLike<number>) => Float32Array | number {
  const folded = foldPlan(plan);
  const steps = inputSteps(folded, 0);
  return (row) => predictFloats(steps, folded, row);
}

/**
 * Computes the answer of a plan to one raw row in 64-bit floats. An exported program of floats gives the
 * same answer up to rounding.
 *
 * @param steps The steps from a raw row to the plan's inputs.
 * @param row Length columns; NaN is a missing value.
 * @returns Probabilities or a number; or 1 + the first column whose value cannot be used; or −1 if the
 * answer is not finite.
 */
export function predictFloats(
  steps: InputSteps,
  { members, output }: ExportPlan,
  row: ArrayLike<number>,
): Float32Array | number {
  const inputs = rowInputs(steps, row);
  if (typeof inputs === "number") return inputs;
  const width = output.kind === "classes" ? output.classes.length : 1;
  const totals = new Float64Array(width);
  for (const { layers, share } of members) {
    const outputs = layers.reduce(layerOutputs, Float64Array.from(inputs));
    const own = output.kind === "classes" ? softmax(outputs) : outputs;
    own.forEach((value, c) => totals[c] += share * value);
  }
  const answer = output.kind === "number"
    ? totals.map((total) => output.mean + output.deviation * total)
    : output.temperature === null
    ? totals
    : calibrated(totals, output.temperature);
  const rounded = Float32Array.from(answer);
  return rounded.every(Number.isFinite) ? rounded : -1;
}

function layerOutputs(inputs: Float64Array, layer: PlannedLayer): Float64Array {
  const sums = Float64Array.from(layer.bias);
  if (layer.kind === "dense") {
    layer.weights.forEach((weight, at) =>
      sums[Math.floor(at / layer.inputs)] += weight * inputs[at % layer.inputs]
    );
  } else {
    const { blockSize, indptr, indices, data } = layer;
    for (let row = 0; row < indptr.length - 1; row++) {
      for (let entry = indptr[row]; entry < indptr[row + 1]; entry++) {
        for (let g = 0; g < blockSize; g++) {
          sums[row * blockSize + g] += data[entry * blockSize + g] * inputs[indices[entry]];
        }
      }
    }
  }
  const { activation } = layer;
  if (activation.kind === "none") return sums;
  if (activation.kind === "sine") return sums.map((sum) => Math.sin(sum));
  // A slope of 0 turns −Infinity into 0 too.
  return sums.map((sum) => sum >= 0 ? sum : activation.slope === 0 ? 0 : sum * activation.slope);
}

function softmax(logits: Float64Array): Float64Array {
  const most = logits.reduce((most, logit) => Math.max(most, logit));
  const powers = logits.map((logit) => Math.exp(logit - most));
  const sum = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / sum);
}

function calibrated(probabilities: Float64Array, temperature: number): Float64Array {
  const logarithms = probabilities.map((p) => Math.log(Math.max(p, LEAST_PROBABILITY)));
  return softmax(logarithms.map((logarithm) => logarithm / temperature));
}
