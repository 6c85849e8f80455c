/**
 * How the cost of a sparse layer grows with its stored weights. The layers are square at ε = 20, so
 * that a neuron always has 40 connections; only where the activations lie changes.
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

/** The most bytes one layer may take. */
const MOST_BYTES = 7.5e9;

/**
 * The most multiply-adds one call may take, so that the largest layers are measured in a minute. Panels
 * of 32 samples go through a layer one after the other: fewer of them are not slower.
 */
const MOST_PRODUCTS = 1e9;

/** Batches from the one that is wanted down to the smallest that the yardstick takes. */
const BATCHES = [128, 64, 32];

/** One size of the growth curve. */
export interface GrowthPoint extends LayerSpeed {
  /** The limit that the kernels are held against at this size. */
  readonly limit: LimitName;
}

/**
 * Measures the growth curve.
 *
 * @param sizes Stored weights, from the smallest layer to the largest.
 * @param caches The machine's caches; without them the last is taken to be 32 MiB.
 * @param onSize Told what is measured next.
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
    // The largest reach first: what WebAssembly's memory once took it keeps.
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
 * Which limit counts at a size: a stream of rows in order while the activations fit the last cache,
 * rows in random order beyond.
 */
export function limitAt(activationBytes: number, lastCache: number): LimitName {
  return activationBytes > lastCache ? "random rows" : "stream";
}
