/**
 * The speed of a sparse layer's kernels by the size of its blocks, in floating-point operations per
 * second, and as a multiple of the same kernel's speed without blocks in the same rounds.
 *
 * @module
 */
import { type Arena, BLOCK_SIZES } from "../kernels/mod.ts";
import {
  measure,
  type MeasuredBackEnd,
  type MeasureOptions,
  openSquareLayer,
  type Quartiles,
  quartiles,
  squarePattern,
} from "./measuring/mod.ts";
import { type MeasuredKernel, sparseCases } from "./kernel_speed.ts";

/** One kernel of one size of blocks on one back end. */
export interface BlockSpeed {
  /** The back end and its instructions. */
  readonly backEnd: string;
  readonly kernel: MeasuredKernel;
  /** G, the size of blocks: G neighbouring neurons share their inputs. */
  readonly blockSize: number;
  /** Stored weights. */
  readonly nnz: number;
  /** Milliseconds per call. */
  readonly ms: Quartiles;
  /** 10⁹ floating-point operations per second. Only products with weights count. */
  readonly gflops: Quartiles;
  /** The speed as a multiple of the speed with G = 1. */
  readonly overOne: Quartiles;
}

/** The speeds of a square layer's kernels by the size of its blocks. */
export interface BlockSpeeds {
  readonly neurons: number;
  readonly epsilon: number;
  readonly batch: number;
  readonly speeds: readonly BlockSpeed[];
}

/**
 * Measures layers of `neurons` × `neurons`. `neurons` is a multiple of every size of blocks. All back ends
 * must reach the arrays.
 *
 * @param blockSizes The sizes of blocks. 1 must be among them.
 */
export function blockSpeeds(
  neurons: number,
  epsilon: number,
  batch: number,
  backEnds: readonly MeasuredBackEnd[],
  options: MeasureOptions,
  blockSizes: readonly number[] = BLOCK_SIZES,
  openArena: () => Arena = () => backEnds[0].kernels.openArena(),
): BlockSpeeds {
  using arena = openArena();
  const squares = blockSizes.map((blockSize) =>
    openSquareLayer(squarePattern(neurons, epsilon, blockSize), batch, arena, blockSize)
  );
  const cases = backEnds.flatMap((backEnd) =>
    squares.flatMap((square) =>
      sparseCases(square, backEnd).map(({ name, flops, run }) => {
        const { blockSize, weights } = square.layer;
        const kernel = name as MeasuredKernel;
        return {
          ...{ backEnd: backEnd.kernels.description, kernel, blockSize, nnz: weights.length },
          ...{ flops, run },
        };
      })
    )
  );
  const key = (each: { backEnd: string; kernel: string }, blockSize: number) =>
    `${each.backEnd} ${each.kernel} ${blockSize}`;
  const measured = measure(
    Object.fromEntries(cases.map((each) => [key(each, each.blockSize), each.run])),
    options,
  );
  /**
   * GFLOP/s by case, round by round. Speeds, not times, because the layers differ a little in their numbers
   * of weights.
   */
  const rates = Object.fromEntries(cases.map((each) => {
    const name = key(each, each.blockSize);
    return [name, measured[name].samples.map((ms) => each.flops / ms / 1e6)];
  }));
  const speeds = cases.map(({ run: _, flops: __, ...each }): BlockSpeed => {
    const rate = rates[key(each, each.blockSize)];
    const one = rates[key(each, 1)];
    return {
      ...each,
      ms: quartiles(measured[key(each, each.blockSize)].samples),
      gflops: quartiles(rate),
      overOne: quartiles(rate.map((gflops, round) => gflops / one[round])),
    };
  });
  return { neurons, epsilon, batch, speeds };
}
