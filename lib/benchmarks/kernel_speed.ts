/**
 * The speed of a layer's kernels, in floating-point operations per second, and as a share of limits. The
 * limits are measured with the same memory in the same rounds.
 *
 * @module
 */
import { type FlopCount, trainingStepFlops } from "../counters/mod.ts";
import type { Gate, SgdStep } from "../kernels/mod.ts";
import {
  measure,
  type MeasuredBackEnd,
  type MeasureOptions,
  type Quartiles,
  quartiles,
  type SquareDenseLayer,
  type SquareLayer,
  type WorkFlops,
  workFlops,
} from "./measuring/mod.ts";

export type MeasuredKernel =
  | "sparse forward"
  | "sparse backward"
  | "sparse gradient + update"
  | "dense forward"
  | "dense backward"
  | "dense gradient";

/** The limits: the same arithmetic over input rows in order, or over input rows in random order. */
export type LimitName = "stream" | "random rows";

/** One kernel on one back end. */
export interface KernelSpeed {
  readonly backEnd: string;
  readonly kernel: MeasuredKernel;
  /** Milliseconds per call. */
  readonly ms: Quartiles;
  /**
   * 10⁹ floating-point operations per second. Like the limits, it counts only products with weights, as
   * 2 operations each.
   */
  readonly gflops: Quartiles;
  /** All operations of one call. */
  readonly flops: WorkFlops;
  /** The kernel's speed as a share of every limit. */
  readonly ofLimit: Readonly<Record<LimitName, Quartiles>>;
}

/** One limit on one back end. */
export interface LimitSpeed {
  readonly backEnd: string;
  readonly limit: LimitName;
  /** 10⁹ floating-point operations per second. */
  readonly gflops: Quartiles;
}

/** The speed of a square layer's kernels on several back ends. */
export interface LayerSpeed {
  readonly neurons: number;
  /** Stored weights of the sparse layer. */
  readonly nnz: number;
  readonly batch: number;
  /** Bytes of one batch of activations. */
  readonly activationBytes: number;
  readonly kernels: readonly KernelSpeed[];
  readonly limits: readonly LimitSpeed[];
}

/** The paper's slope. Dropout is off, because the limits have none. */
const GATE: Gate = { slope: -0.5, dropThreshold: 0, dropKey: 0 };
/** The rate is so small that the weights do not change, however often the update runs. */
const STEP: SgdStep = { rate: 1e-9, momentum: 0.9, l2: 0, decay: 0 };

/** A case to time, with its operations. */
interface Case {
  readonly backEnd: string;
  readonly name: MeasuredKernel | LimitName;
  /** Operations of the products with weights. */
  readonly flops: number;
  /** All operations. */
  readonly phases: Partial<FlopCount>;
  readonly run: () => void;
}

/** Measures the kernels of a layer. All back ends must reach its arrays. */
export function layerSpeed(
  square: SquareLayer,
  dense: SquareDenseLayer | null,
  backEnds: readonly MeasuredBackEnd[],
  options: MeasureOptions,
): LayerSpeed {
  const { layer: { rows, weights }, batch } = square;
  const cases = backEnds.flatMap((backEnd) => [
    ...limitCases(square, backEnd),
    ...sparseCases(square, backEnd),
    ...(dense === null ? [] : denseCases(square, dense, backEnd)),
  ]);
  const runs = cases.map(({ backEnd, name, run }) => [`${backEnd} ${name}`, run]);
  const measured = measure(Object.fromEntries(runs), options);
  /** GFLOP/s by case, round by round. */
  const speeds = Object.fromEntries(cases.map(({ backEnd, name, flops }) => {
    const key = `${backEnd} ${name}`;
    return [key, measured[key].samples.map((ms) => flops / ms / 1e6)];
  }));
  const kernels: KernelSpeed[] = [];
  const limits: LimitSpeed[] = [];
  for (const { backEnd, name, phases } of cases) {
    const time = measured[`${backEnd} ${name}`];
    const speed = speeds[`${backEnd} ${name}`];
    const gflops = quartiles(speed);
    if (name === "stream" || name === "random rows") {
      limits.push({ backEnd, limit: name, gflops });
      continue;
    }
    const shareOf = (limit: LimitName) =>
      quartiles(speed.map((gflops, round) => gflops / speeds[`${backEnd} ${limit}`][round]));
    const ofLimit = { "stream": shareOf("stream"), "random rows": shareOf("random rows") };
    const flops = workFlops(phases, time);
    kernels.push({ backEnd, kernel: name, ms: quartiles(time.samples), gflops, flops, ofLimit });
  }
  const activationBytes = 4 * rows * batch;
  return { neurons: rows, nnz: weights.length, batch, activationBytes, kernels, limits };
}

function limitCases(square: SquareLayer, backEnd: MeasuredBackEnd): Case[] {
  const { layer: { rows, columns, weights }, batch, x, out } = square;
  const { functions, address } = backEnd.compiled;
  const perRow = Math.max(1, Math.round(weights.length / rows));
  const arrays = [weights, x, out].map(address);
  const all = { backEnd: backEnd.name, flops: 2 * perRow * rows * batch, phases: {} };
  return (["stream", "random rows"] as const).map((name, scattered) => ({
    ...all,
    name,
    run: () => functions.stream(rows, perRow, columns, scattered, batch, ...arrays),
  }));
}

/** The operations of one call of a layer's kernels, without dropout. */
export function callFlops(
  { rows, columns, weights }: { rows: number; columns: number; weights: ArrayLike<number> },
  batch: number,
): Record<"forward" | "backward" | "gradient" | "update", Partial<FlopCount>> {
  const { momentum } = STEP;
  const sgd = { kind: "sgd", momentum, weightDecay: 0, decayStyle: "direct" } as const;
  const layers = [{ rows, columns, nnz: weights.length }];
  const count = trainingStepFlops(layers, batch, sgd, false);
  const { forward, activation, weightGradient, update } = count;
  return {
    forward: { forward, activation },
    // One product per weight and sample, as in the forward pass. These calls have no factor.
    backward: { inputGradient: forward },
    gradient: { weightGradient },
    update: { update },
  };
}

/** The calls of a sparse layer's kernels. */
export function sparseCases(
  square: SquareLayer,
  { name: backEnd, kernels }: MeasuredBackEnd,
): Case[] {
  const { layer, batch, x, dz, out, gradient, velocity } = square;
  const step = callFlops(layer, batch);
  const all = { backEnd, flops: 2 * layer.weights.length * batch };
  const forward = () => kernels.sparseForward(layer, x, out, null, GATE, batch);
  const backward = () => kernels.sparseBackward(layer, dz, null, out, batch);
  const update = () =>
    kernels.sparseGradientSgd(layer, x, dz, gradient, velocity, STEP, batch, batch);
  const phases = { ...step.gradient, ...step.update };
  return [
    { ...all, name: "sparse forward", phases: step.forward, run: forward },
    { ...all, name: "sparse backward", phases: step.backward, run: backward },
    { ...all, name: "sparse gradient + update", phases, run: update },
  ];
}

function denseCases(
  { x, dz, out, batch }: SquareLayer,
  { layer, gradient, transposed }: SquareDenseLayer,
  { name: backEnd, kernels }: MeasuredBackEnd,
): Case[] {
  const step = callFlops(layer, batch);
  const all = { backEnd, flops: 2 * layer.weights.length * batch };
  const forward = () => kernels.denseForward(layer, x, out, null, GATE, batch);
  const backward = () => kernels.denseBackward(layer, dz, null, out, batch);
  const weights = () => kernels.denseGradient(layer, x, dz, gradient, transposed, batch, batch);
  return [
    { ...all, name: "dense forward", phases: step.forward, run: forward },
    { ...all, name: "dense backward", phases: step.backward, run: backward },
    { ...all, name: "dense gradient", phases: step.gradient, run: weights },
  ];
}
