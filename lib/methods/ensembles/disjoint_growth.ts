/**
 * The growth of RD-TSE and FD-TSE: at positions that no earlier member has (Algorithm 1 of the paper).
 *
 * @module
 */
import {
  blockSizeOf,
  countFree,
  type Pattern,
  patternFromPositions,
  sampleFree,
  unionOfPatterns,
} from "../../sparse/mod.ts";
import {
  type GrowRequest,
  type Growth,
  growWith,
  placedGrowth,
  type Placement,
} from "../../topology/mod.ts";

/**
 * Makes a function that unites the stored topologies of a layer and caches the last union. A fully
 * disjoint member needs the same union at every update; the next member needs one more topology in it.
 */
export function unionMemory(): (patterns: readonly Pattern[]) => Pattern {
  const known = new WeakMap<Pattern, { patterns: readonly Pattern[]; union: Pattern }>();
  return (patterns) => {
    const found = known.get(patterns[0]);
    const goesOn = found !== undefined &&
      found.patterns.every((pattern, i) => pattern === patterns[i]);
    const union = goesOn
      ? unionOfPatterns([found.union, ...patterns.slice(found.patterns.length)])
      : unionOfPatterns(patterns);
    known.set(patterns[0], { patterns: [...patterns], union });
    return union;
  };
}

/**
 * Grows a hidden-to-hidden layer outside the connections of all earlier members, and other layers by the
 * placement alone.
 *
 * @throws {RangeError} If fewer positions are free than connections are to be grown.
 */
export function growAvoiding(
  request: GrowRequest,
  densityLimit: number,
  placement: Placement,
  blockedBy: (patterns: readonly Pattern[]) => Pattern,
): Growth {
  const { before, survivors, count, predecessors, random } = request;
  const grow = growWith(placement);
  const { layer, layers, shape } = before;
  if (predecessors.length === 0 || layer === 0 || layer === layers - 1) return grow(request);
  const density = before.indices.length / (shape[0] * shape[1]);
  if (density >= densityLimit) {
    const disjoint = `not attempted: density ${density.toFixed(3)}, need less than ${densityLimit}`;
    return { ...grow(request), notes: { disjoint } };
  }
  const taken = unionOfPatterns([survivors, blockedBy(predecessors)]);
  const allowed = countFree([taken], shape);
  const rest = placedGrowth(placement, request, count);
  if (allowed >= count) {
    const positions = placement.choose(request, [taken], count);
    return { positions, ...rest, notes: { overlapping: 0 } };
  }
  const free = countFree([survivors], shape);
  const overlapping = count - allowed;
  if (count > free) {
    throw new RangeError(
      `Cannot grow ${count} connections in layer ${layer}: ${free} positions are free`,
    );
  }
  const all = sampleFree([taken], allowed, shape, random);
  const others = [survivors, patternFromPositions(all, shape)];
  const positions = new Float64Array(count);
  positions.set(all);
  positions.set(placement.choose(request, others, overlapping), allowed);
  const notes = { overlapping: overlapping * blockSizeOf(before) };
  return { positions: positions.sort(), ...rest, notes };
}
