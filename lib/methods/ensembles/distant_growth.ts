/**
 * The growth of Dist-TSE: of random regrowths, one that is far from the layer before pruning (Algorithm 2
 * of the paper).
 *
 * @module
 */
import { floatsLike } from "../../kernels/mod.ts";
import { randomStream } from "../../random.ts";
import { blockSizeOf } from "../../sparse/mod.ts";
import type { Grow, GrowRequest, Growth } from "../../topology/mod.ts";
import {
  compareWithPredecessor,
  drawCandidate,
  placeCandidate,
  type RegrowthCandidate,
} from "./regrowth_candidates.ts";

/** Options of growth by distance. */
export interface DistanceOptions {
  /**
   * The matrix distance coefficient λ: the distance must exceed mean + λ × standard deviation of the
   * sampled distances. From λ ≈ 3 on, such candidates are too rare to find.
   *
   * @default {1.5}
   */
  readonly lambda?: number;
  /**
   * The number of candidates from which mean and standard deviation are computed.
   *
   * @default {100}
   */
  readonly samples?: number;
  /**
   * The number of candidates that are drawn after the samples. If none of them is far enough, the fail-safe
   * acts.
   *
   * @default {1000}
   */
  readonly maxIterations?: number;
  /**
   * The fail-safe: `"farthest"` takes the farthest candidate so far, samples included, and notes it;
   * `"error"` throws.
   *
   * @default {"farthest"}
   */
  readonly failSafe?: "farthest" | "error";
  /**
   * The growth rule of updates, and of layers that are not re-initialised by distance.
   *
   * @default {growRandom}
   */
  readonly grow?: Grow;
}

/**
 * Grows a hidden-to-hidden layer by distance, and other layers by the growth rule of the options.
 *
 * @throws {RangeError} With the fail-safe `"error"`, if no candidate is far enough.
 */
export function growDistant(request: GrowRequest, options: Required<DistanceOptions>): Growth {
  const { layer, layers } = request.before;
  if (request.count === 0 || layer === 0 || layer === layers - 1) return options.grow(request);
  const { lambda, samples, maxIterations, failSafe } = options;
  const comparison = compareWithPredecessor(request);
  const weights = request.count * blockSizeOf(request.before);
  let values = floatsLike(request.before.weights, weights);

  let farthest: RegrowthCandidate | undefined;
  const next = (): RegrowthCandidate => {
    const seed = (request.random.uint32() >>> 11) * 0x1_0000_0000 + request.random.uint32();
    const candidate = drawCandidate(request, comparison, values, randomStream(seed, "candidate"));
    if (farthest === undefined || candidate.distance > farthest.distance) {
      // The candidate keeps its weights; the next one is drawn into the other array.
      values = farthest?.values ?? floatsLike(values, values.length);
      farthest = candidate;
    }
    return candidate;
  };
  const growth = (candidate: RegrowthCandidate, iterations: number): Growth => ({
    ...placeCandidate(request, candidate),
    // A multiply-add for every weight of a candidate, and for every pruned weight.
    flops: 2 * weights * (iterations + 1),
    notes: { iterations, distance: candidate.distance, mean, deviation },
  });

  const distances = new Float64Array(samples).map(() => next().distance);
  const mean = distances.reduce((sum, distance) => sum + distance, 0) / samples;
  const deviation = Math.sqrt(
    distances.reduce((sum, distance) => sum + (distance - mean) ** 2, 0) / samples,
  );
  const needed = mean + lambda * deviation;
  for (let draws = 1; draws <= maxIterations; draws++) {
    const candidate = next();
    if (candidate.distance > needed) return growth(candidate, samples + draws);
  }
  const iterations = samples + maxIterations;
  if (failSafe === "error") {
    throw new RangeError(
      `Cannot regrow layer ${layer}: the farthest of ${iterations} candidates has distance ` +
        `${farthest!.distance}, need more than ${needed} ` +
        `(mean ${mean} + ${lambda} × deviation ${deviation}): ` +
        "use a smaller lambda or more iterations",
    );
  }
  const found = growth(farthest!, iterations);
  return { ...found, notes: { ...found.notes, failSafe } };
}
