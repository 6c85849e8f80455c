import type { LayerView, TopologyStrategy } from "../../../lib/topology/strategy.ts";
import { tinySettings } from "../tiny_runs.ts";

/** The settings of a tiny run with SET. */
export const SET = tinySettings("set", { epochs: 4 });

/** A strategy that is wrong on purpose, which its type would not allow. */
export function wrong(parts: Readonly<Record<string, unknown>>): TopologyStrategy {
  const when = { every: 7, unit: "steps" };
  return { name: "wrong", when, update: () => [], ...parts } as unknown as TopologyStrategy;
}

/** Changes the second layer rightly, and the first as told. */
export function changing(
  change: (first: LayerView) => object,
  more: object = {},
): TopologyStrategy {
  return wrong({
    update: ({ layers: [first, second] }: { layers: LayerView[] }) => [
      { layer: 1, remove: Int32Array.of(0), grow: freePositions(second, 2) },
      { layer: 0, grow: freePositions(first, 1), ...change(first) },
    ],
    ...more,
  });
}

/** The first `count` positions of a layer without a connection. */
export function freePositions(
  { shape: [rows, columns], indptr, indices }: LayerView,
  count: number,
) {
  const taken = new Set<number>();
  for (let row = 0; row < rows; row++) {
    for (let k = indptr[row]; k < indptr[row + 1]; k++) taken.add(row * columns + indices[k]);
  }
  const all = Array.from({ length: rows * columns }, (_, position) => position);
  return Float64Array.from(all.filter((position) => !taken.has(position)).slice(0, count));
}
