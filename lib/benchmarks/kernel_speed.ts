/**
 * How fast the kernels of a layer are, in floating-point operations per second, and as a share of
 * what the machine can do with the same footprint in the same rounds.
 *
 * @module
 */
import { type FlopCount, trainingStepFlops } from "../counters/mod.ts";
import type { Gate, SgdStep } from "../kernels/mod.ts";
import {
  measure,
  type MeasuredBackEnd,
  type Measurement,
  type MeasureOptions,
  type Quartiles,
  quartiles,
  type SquareDenseLayer,
  type SquareLayer,
  type WorkFlops,
  workFlops,
} from "./measuring/mod.ts";

/** The kernels that are measured. */
export type MeasuredKernel =
  | "sparse forward"
  | "sparse backward"
  | "sparse gradient + update"
  | "dense forward"
  | "dense backward"
  | "dense gradient";

/** The same arithmetic over input rows in order, or over whole rows in a scattered order. */
export type LimitName = "stream" | "random rows";

/** One kernel on one back end. */
export interface KernelSpeed {
  /** The back end's name. */
  readonly backEnd: string;
  /** The kernel. */
  readonly kernel: MeasuredKernel;
  /** Milliseconds a call. */
  readonly ms: Quartiles;
  /**
   * 10⁹ floating-point operations a second, of the products with weights alone, as the limits consist
   * of nothing else; a multiply-add is two.
   */
  readonly gflops: Quartiles;
  /** All operations of one call. */
  readonly flops: WorkFlops;
  /** By limit, the share of it that the kernel reaches. */
  readonly ofLimit: Readonly<Record<LimitName, Quartiles>>;
}

/** One limit on one back end. */
export interface LimitSpeed {
  /** The back end's name. */
  readonly backEnd: string;
  /** The limit. */
  readonly limit: LimitName;
  /** 10⁹ floating-point operations a second. */
  readonly gflops: Quartiles;
}

/** A layer's kernels on several back ends. */
export interface LayerSpeed {
  /** Outputs, and inputs. */
  readonly neurons: number;
  /** Stored weights of the sparse layer. */
  readonly nnz: number;
  /** Samples. */
  readonly batch: number;
  /** Bytes of one batch of activations. */
  readonly activationBytes: number;
  /** The kernels. */
  readonly kernels: readonly KernelSpeed[];
  /** What they are held against. */
  readonly limits: readonly LimitSpeed[];
}

/** Slope and rate are the paper's; dropout is off, as the yardsticks have none. */
const GATE: Gate = { slope: -0.5, dropThreshold: 0, dropKey: 0 };
/** So small that weights stay what they are, however often the update runs. */
const STEP: SgdStep = { rate: 1e-9, momentum: 0.9, l2: 0, decay: 0 };

/** One thing to time: what it runs, and how many operations that takes. */
interface Case {
  readonly backEnd: string;
  readonly name: MeasuredKernel | LimitName;
  /** Of the products alone. */
  readonly flops: number;
  /** Of everything. */
  readonly phases: Partial<FlopCount>;
  readonly run: () => void;
}

/** Measures the kernels of a layer on back ends that all reach its arrays. */
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
  const measured = measure(
    Object.fromEntries(cases.map(({ backEnd, name, run }) => [`${backEnd} ${name}`, run])),
    options,
  );
  const of = (backEnd: string, name: string): Timed => {
    const { flops } = cases.find((each) => each.backEnd === backEnd && each.name === name)!;
    return { flops, time: measured[`${backEnd} ${name}`] };
  };
  const kernels: KernelSpeed[] = [];
  const limits: LimitSpeed[] = [];
  for (const { backEnd, name, phases } of cases) {
    const timed = of(backEnd, name);
    const gflops = quartiles(speeds(timed));
    if (isLimit(name)) {
      limits.push({ backEnd, limit: name, gflops });
      continue;
    }
    const ofLimit = Object.fromEntries(
      LIMITS.map((limit) => [limit, quartiles(shares(timed, of(backEnd, limit)))]),
    ) as Record<LimitName, Quartiles>;
    const ms = quartiles(timed.time.samples);
    const flops = workFlops(phases, timed.time);
    kernels.push({ backEnd, kernel: name, ms, gflops, flops, ofLimit });
  }
  const activationBytes = 4 * rows * batch;
  return { neurons: rows, nnz: weights.length, batch, activationBytes, kernels, limits };
}

const LIMITS: readonly LimitName[] = ["stream", "random rows"];

function isLimit(name: string): name is LimitName {
  return (LIMITS as readonly string[]).includes(name);
}

/** A measurement of something that takes so many operations. */
interface Timed {
  readonly flops: number;
  readonly time: Measurement;
}

function speeds({ flops, time }: Timed): number[] {
  return time.samples.map((ms) => flops / ms / 1e6);
}

/** Round by round, one speed as a share of another. */
function shares(a: Timed, b: Timed): number[] {
  const limit = speeds(b);
  return speeds(a).map((speed, round) => speed / limit[round]);
}

function limitCases(square: SquareLayer, backEnd: MeasuredBackEnd): Case[] {
  const { layer: { rows, columns, weights }, batch, x, out } = square;
  const { functions, address } = backEnd.compiled;
  const perRow = Math.max(1, Math.round(weights.length / rows));
  const arrays = [weights, x, out].map(address);
  return LIMITS.map((name) => {
    const scattered = name === "stream" ? 0 : 1;
    return {
      backEnd: backEnd.name,
      name,
      flops: 2 * perRow * rows * batch,
      phases: {},
      run: () => functions.stream(rows, perRow, columns, scattered, batch, ...arrays),
    };
  });
}

/** What each kernel of a layer executes in one call, as it is called here: without dropout. */
export function callFlops(
  { rows, columns, weights }: { rows: number; columns: number; weights: ArrayLike<number> },
  batch: number,
): Record<"forward" | "backward" | "gradient" | "update", Partial<FlopCount>> {
  const sgd = {
    kind: "sgd",
    momentum: STEP.momentum,
    weightDecay: 0,
    decayStyle: "direct",
  } as const;
  const size = { rows, columns, nnz: weights.length };
  const { forward, activation, weightGradient, update } = trainingStepFlops(
    [size],
    batch,
    sgd,
    false,
  );
  return {
    forward: { forward, activation },
    // Every weight once per sample, as forward; the activations' gradient is left out here.
    backward: { inputGradient: forward },
    gradient: { weightGradient },
    update: { update },
  };
}

function sparseCases(square: SquareLayer, { name: backEnd, kernels }: MeasuredBackEnd): Case[] {
  const { layer, batch, x, dz, out, gradient, velocity } = square;
  const flops = 2 * layer.weights.length * batch;
  const step = callFlops(layer, batch);
  return [
    {
      backEnd,
      name: "sparse forward",
      flops,
      phases: step.forward,
      run: () => kernels.sparseForward(layer, x, out, null, GATE, batch),
    },
    {
      backEnd,
      name: "sparse backward",
      flops,
      phases: step.backward,
      run: () => kernels.sparseBackward(layer, dz, null, out, batch),
    },
    {
      backEnd,
      name: "sparse gradient + update",
      flops,
      phases: { ...step.gradient, ...step.update },
      run: () => kernels.sparseGradientSgd(layer, x, dz, gradient, velocity, STEP, batch, batch),
    },
  ];
}

function denseCases(
  { x, dz, out, batch }: SquareLayer,
  { layer, gradient, transposed }: SquareDenseLayer,
  { name: backEnd, kernels }: MeasuredBackEnd,
): Case[] {
  const flops = 2 * layer.weights.length * batch;
  const step = callFlops(layer, batch);
  return [
    {
      backEnd,
      name: "dense forward",
      flops,
      phases: step.forward,
      run: () => kernels.denseForward(layer, x, out, null, GATE, batch),
    },
    {
      backEnd,
      name: "dense backward",
      flops,
      phases: step.backward,
      run: () => kernels.denseBackward(layer, dz, null, out, batch),
    },
    {
      backEnd,
      name: "dense gradient",
      flops,
      phases: step.gradient,
      run: () => kernels.denseGradient(layer, x, dz, gradient, transposed, batch, batch),
    },
  ];
}
