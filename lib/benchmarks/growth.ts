/**
 * The growth of a sparse layer's cost with its stored weights. The layers are square with ε = 20, so a
 * neuron always has 40 connections. Only the level of memory that holds the activations changes.
 *
 * @module
 */
import { type LayerSpeed, layerSpeed, type LimitName } from "./kernel_speed.ts";
import {
  type BackEnds,
  type Cache,
  type MeasuredBackEnd,
  type MeasureOptions,
  openSquareLayer,
  squareLayerBytes,
  squarePattern,
} from "./measuring/mod.ts";

const EPSILON = 20;

/** The largest size of a layer in bytes. */
const MOST_BYTES = 7.5e9;

/**
 * The largest number of multiply-adds in one call, so that the largest layers take no more than a minute.
 * Kernels take one panel of 32 samples after the other, so smaller batches have the same speed.
 */
const MOST_PRODUCTS = 1e9;

/** Batches, from the preferred one to the smallest that the limits can be measured with. */
const BATCHES = [128, 64, 32];

/** One size of the growth curve. */
export interface GrowthPoint extends LayerSpeed {
  /** The limit that applies at this size. */
  readonly limit: LimitName;
}

/**
 * Measures the growth curve.
 *
 * @param sizes Stored weights, from the smallest layer to the largest.
 * @param caches The machine's caches. If they are `null`, the last one counts as 32 MiB.
 * @param onSize Called with every size before it is measured.
 */
export function growth(
  sizes: readonly number[],
  { present }: BackEnds,
  caches: readonly Cache[] | null,
  options: MeasureOptions,
  onSize: (nnz: number) => void = () => {},
): GrowthPoint[] {
  const lastCache = caches?.at(-1)?.bytes ?? 2 ** 25;
  return sizes.flatMap((nnz) => {
    onSize(nnz);
    const pattern = squarePattern(Math.round(nnz / (2 * EPSILON)), EPSILON);
    // The largest reach first, because WebAssembly's memory never shrinks.
    const inTurn = [...present].sort((a, b) => b.reach - a.reach);
    return inTurn.flatMap((backEnd): GrowthPoint[] => {
      const batch = largestBatch(pattern, backEnd);
      if (batch === undefined) return [];
      using arena = backEnd.openLargeArena();
      const square = openSquareLayer(pattern, batch, arena);
      const speed = layerSpeed(square, null, [backEnd], options);
      return [{ ...speed, limit: limitAt(speed.activationBytes, lastCache) }];
    });
  });
}

function largestBatch(
  pattern: ReturnType<typeof squarePattern>,
  { reach }: MeasuredBackEnd,
): number | undefined {
  const fits = (batch: number) => squareLayerBytes(pattern, batch) <= Math.min(reach, MOST_BYTES);
  const quick = (batch: number) => pattern.indices.length * batch <= MOST_PRODUCTS;
  return BATCHES.find((batch) => fits(batch) && quick(batch)) ?? BATCHES.findLast(fits);
}

/**
 * The limit that applies at a size: rows in order if the activations fit into the last cache, rows in
 * random order otherwise.
 */
export function limitAt(activationBytes: number, lastCache: number): LimitName {
  return activationBytes > lastCache ? "random rows" : "stream";
}
