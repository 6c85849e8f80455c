/**
 * The growth of a sparse layer's cost with its stored weights. The layers are square with ε = 20, so a
 * neuron always has 40 connections. Only the level of memory that holds the activations changes.
 *
 * @module
 */
import { type BlockSpeed, blockSpeeds } from "./block_speed.ts";
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
import type { Pattern } from "../sparse/mod.ts";

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
  /**
   * The kernels of a layer of about this size with blocks of 8, measured in turn with a layer without
   * blocks. It is missing in older records, and if both layers together do not fit into reach.
   */
  readonly blocks?: readonly BlockSpeed[] | undefined;
}

/** G, the size of blocks that is compared with 1. */
const BLOCK_SIZE = 8;

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
    // The back end with the largest reach comes first, because WebAssembly's memory never shrinks.
    const inTurn = [...present].sort((a, b) => b.reach - a.reach);
    return inTurn.flatMap((backEnd): GrowthPoint[] => {
      const batch = largestBatch(pattern, backEnd);
      if (batch === undefined) return [];
      const speed = speedAlone(pattern, batch, backEnd, options);
      const limit = limitAt(speed.activationBytes, lastCache);
      const blocks = speedOfBlocks(pattern, batch, backEnd, options);
      return [{ ...speed, limit, blocks }];
    });
  });
}

function speedAlone(
  pattern: Pattern,
  batch: number,
  backEnd: MeasuredBackEnd,
  options: MeasureOptions,
): LayerSpeed {
  using arena = backEnd.openLargeArena();
  return layerSpeed(openSquareLayer(pattern, batch, arena), null, [backEnd], options);
}

function speedOfBlocks(
  pattern: Pattern,
  batch: number,
  backEnd: MeasuredBackEnd,
  options: MeasureOptions,
): BlockSpeed[] | undefined {
  // One layer with blocks and one without are in memory at once.
  if (2 * squareLayerBytes(pattern, batch) > Math.min(backEnd.reach, MOST_BYTES)) return undefined;
  const neurons = BLOCK_SIZE * Math.ceil(pattern.shape[0] / BLOCK_SIZE);
  const sizes = [1, BLOCK_SIZE];
  const arena = () => backEnd.openLargeArena();
  const { speeds } = blockSpeeds(neurons, EPSILON, batch, [backEnd], options, sizes, arena);
  return speeds.filter(({ blockSize }) => blockSize === BLOCK_SIZE);
}

function largestBatch(
  pattern: Pattern,
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
