/**
 * Integer weights. The weights of every output are small integers times the output's own scale. Activations
 * are integers with one power of two per layer, which is computed for every row (block floating point: J.
 * H. Wilkinson, "Rounding errors in algebraic processes", 1963). So no rows are needed to fit ranges, and
 * no value is too large.
 *
 * Sums of products fit into 32 bits for any row. The scale of an output is enlarged until the sum of its
 * weights' magnitudes leaves room for the largest activations.
 *
 * @module
 */
import type { ExportPlan, PlannedActivation, PlannedLayer, PlannedMember } from "../plan.ts";
import { encodeScale, exponentOf, scaleOf } from "./row_scale.ts";

/** The kind of integer weights. */
export type IntegerWeights = "int8" | "int16";

/** The largest magnitude of a weight, and the bits of an activation without its sign. */
export const INTEGERS: Readonly<
  Record<IntegerWeights, { largest: number; activationBits: number }>
> = {
  int8: { largest: 127, activationBits: 14 },
  int16: { largest: 32767, activationBits: 12 },
};

/** The common part of all layers of integers. */
interface IntegerShape {
  readonly outputs: number;
  readonly inputs: number;
  /** Length outputs: the code of every output's scale. */
  readonly scales: Uint16Array;
  /** The exponent of scales. A sum is multiplied by scale × 2^exponent. */
  readonly exponent: number;
  /** Length outputs: biases × 2^−biasExponent. */
  readonly bias: Int16Array;
  readonly biasExponent: number;
  readonly activation: PlannedActivation;
}

/** A layer of integers. Its arrays are laid out as in the planned layer. */
export type IntegerLayer =
  & IntegerShape
  & (
    | {
      readonly kind: "sparse";
      readonly blockSize: number;
      readonly indptr: Int32Array;
      readonly indices: Int32Array;
      readonly data: Int16Array;
    }
    | { readonly kind: "dense"; readonly weights: Int16Array }
  );

/** A member of integers. */
export interface IntegerMember extends Pick<PlannedMember, "number"> {
  /** For classes: the member's share × 65,535 / the largest share. 65,535 if all shares are equal. */
  readonly share: number;
  readonly layers: readonly IntegerLayer[];
}

/** A plan with integer weights. */
export interface IntegerPlan {
  readonly weights: IntegerWeights;
  /** The bits of activations without their sign. */
  readonly activationBits: number;
  readonly members: readonly IntegerMember[];
  /** The factor of the members' sums of probabilities × 2^24 × share. */
  readonly unit: number;
  /** `true` if all members have equal shares, so that no multiplication is needed. */
  readonly equalShares: boolean;
}

/**
 * Rounds a folded plan's weights to integers.
 *
 * @throws {RangeError} If the slope of All-ReLU is beyond ±1, or members' shares are below 0.
 */
export function quantizePlan(plan: ExportPlan, weights: IntegerWeights): IntegerPlan {
  const { largest, activationBits } = INTEGERS[weights];
  const room = Math.floor((2 ** 31 - 1) / (2 ** activationBits - 1));
  const isNumber = plan.output.kind === "number";
  const shares = plan.members.map(({ share }) => share);
  const most = Math.max(...shares);
  if (!isNumber && !(most > 0 && Math.min(...shares) >= 0)) {
    throw new RangeError(
      `Cannot export the model with ${weights} weights: found members' votes of ${
        shares.join(", ")
      }, ` +
        `need positive ones; use --weights float32`,
    );
  }
  const members = plan.members.map(({ number, share, layers }): IntegerMember => ({
    number,
    share: isNumber ? 65535 : Math.round(share / most * 65535),
    layers: layers.map((layer, l) => {
      requireSlope(layer, weights);
      const isLast = l === layers.length - 1;
      // The answer is a sum of outputs. So the weights contain the shares and the target's unit.
      const factor = isLast && plan.output.kind === "number"
        ? share * plan.output.deviation
        // Phases are counted in turns.
        : layer.activation.kind === "sine"
        ? 1 / (2 * Math.PI)
        : 1;
      return quantizeLayer(layer, factor, largest, room);
    }),
  }));
  const equalShares = isNumber || shares.every((share) => share === most);
  const unit = Math.fround(most * 2 ** -24 * (equalShares ? 1 : 65536 / 65535));
  return { weights, activationBits, members, unit, equalShares };
}

function requireSlope({ activation }: PlannedLayer, weights: string): void {
  if (activation.kind !== "rectified" || Math.abs(activation.slope) <= 1) return;
  throw new RangeError(
    `Cannot export the model with ${weights} weights: found α = ${Math.abs(activation.slope)}, ` +
      `need 1 at most; use --weights float32`,
  );
}

function quantizeLayer(
  layer: PlannedLayer,
  factor: number,
  largest: number,
  room: number,
): IntegerLayer {
  const { outputs, inputs, activation } = layer;
  const rows = rowsOf(layer);
  const scales = rows.map((row) => {
    let [most, sum] = [0, 0];
    for (const at of row) {
      const magnitude = Math.abs(dataOf(layer)[at]) * factor;
      most = Math.max(most, magnitude);
      sum += magnitude;
    }
    // Rounding adds at most half a unit to each weight.
    return Math.max(most / largest, sum / (room - row.length / 2 - 1));
  });
  const exponent = exponentOf(Math.max(0, ...scales));
  const codes = Uint16Array.from(scales, (scale) => scale === 0 ? 0 : encodeScale(scale, exponent));
  const data = new Int16Array(dataOf(layer).length);
  rows.forEach((row, output) => {
    if (codes[output] === 0) return;
    const own = row.map((at) => dataOf(layer)[at] * factor);
    const rounded = nearestIntegers(own, scales[output], scaleOf(codes[output], exponent), largest);
    row.forEach((at, k) => data[at] = rounded[k]);
  });
  const biases = Float64Array.from(layer.bias, (bias) => biasOf(bias * factor, activation));
  const largestBias = biases.reduce((most, bias) => Math.max(most, Math.abs(bias)), 0);
  const biasExponent = exponentOf(largestBias) - 15;
  const bias = Int16Array.from(
    biases,
    (one) => Math.min(32767, Math.round(one * 2 ** -biasExponent)),
  );
  const common = { outputs, inputs, scales: codes, exponent, bias, biasExponent, activation };
  if (layer.kind === "dense") return { ...common, kind: "dense", weights: data };
  const { blockSize, indptr, indices } = layer;
  return { ...common, kind: "sparse", blockSize, indptr, indices, data };
}

/** Whole turns are removed from a phase. */
function biasOf(bias: number, activation: PlannedActivation): number {
  return activation.kind === "sine" ? bias - Math.round(bias) : bias;
}

/**
 * Writes weights as integers times a scale. The code rounds the scale. So weights are divided by the exact
 * scale or by the rounded one, whichever gives the smaller error.
 */
function nearestIntegers(
  weights: readonly number[],
  scale: number,
  coded: number,
  largest: number,
): number[] {
  const roundedBy = (divisor: number) => {
    const integers = weights.map((weight) =>
      Math.max(-largest, Math.min(largest, Math.round(weight / divisor)))
    );
    const error = integers.reduce((sum, q, k) => sum + (q * coded - weights[k]) ** 2, 0);
    return { integers, error };
  };
  const [plain, exact] = [roundedBy(scale), roundedBy(coded)];
  // A smaller divisor could make the sum of magnitudes too large.
  return coded >= scale && exact.error < plain.error ? exact.integers : plain.integers;
}

/** The places of every output's weights. */
function rowsOf(layer: PlannedLayer): number[][] {
  const { outputs, inputs } = layer;
  if (layer.kind === "dense") {
    return Array.from(
      { length: outputs },
      (_, output) => Array.from({ length: inputs }, (_, input) => output * inputs + input),
    );
  }
  const { blockSize, indptr } = layer;
  return Array.from({ length: outputs }, (_, output) => {
    const row = Math.floor(output / blockSize);
    return Array.from(
      { length: indptr[row + 1] - indptr[row] },
      (_, k) => (indptr[row] + k) * blockSize + output % blockSize,
    );
  });
}

function dataOf(layer: PlannedLayer): Float32Array {
  return layer.kind === "dense" ? layer.weights : layer.data;
}
