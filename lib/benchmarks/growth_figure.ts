import type { FigureSpec } from "../plots/mod.ts";
import type { GrowthPoint } from "./growth.ts";
import type { Cache } from "./measuring/mod.ts";

/** The lines of the figure in the order of its legend, with colours of Okabe and Ito. */
const COLOURS: Readonly<Record<string, string>> = {
  "forward": "#0072B2",
  "backward": "#D55E00",
  "gradient + update": "#009E73",
  "limit": "#000000",
};

/**
 * Draws the growth curve: speed over stored weights, one panel per back end. Vertical lines mark the
 * sizes at which a batch of activations fills a cache.
 */
export function growthFigure(
  points: readonly GrowthPoint[],
  caches: readonly Cache[] | null,
): FigureSpec {
  const backEnds = [...new Set(points.flatMap(({ kernels }) => kernels.map((k) => k.backEnd)))];
  const sizes = points.map(({ nnz }) => nnz);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  // The numbers of weights are random: 9,950 belongs to the decade that begins at 10,000.
  const domain = [
    10 ** Math.floor(Math.log10(least * 1.1)),
    10 ** Math.ceil(Math.log10(most / 1.1)),
  ];
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    title: "Speed of a sparse layer (40 connections per neuron) as it grows",
    background: "white",
    hconcat: backEnds.sort().map((backEnd) => panel(backEnd, points, caches, domain)),
    config: { view: { stroke: null }, axis: { grid: true, gridColor: "#eeeeee" } },
  };
}

function panel(
  backEnd: string,
  points: readonly GrowthPoint[],
  caches: readonly Cache[] | null,
  domain: readonly number[],
): FigureSpec {
  const x = {
    field: "nnz",
    type: "quantitative",
    scale: { type: "log", domain },
    axis: { format: "~s", labelAngle: 0, tickCount: 5 },
    title: "stored weights",
  };
  const y = { type: "quantitative", scale: { domainMin: 0 }, title: "GFLOP/s" };
  const lines = Object.keys(COLOURS);
  const scale = { domain: lines, range: Object.values(COLOURS) };
  const colour = { field: "line", type: "nominal", title: null, scale };
  const values = pointsOf(backEnd, points);
  const marked = cacheMarks(backEnd, points, caches, domain);
  return {
    title: { text: backEnd, anchor: "middle" },
    width: 340,
    height: 260,
    layer: [
      {
        data: { values: marked },
        mark: { type: "rule", strokeDash: [2, 3], color: "#888888" },
        encoding: { x },
      },
      {
        data: { values: marked },
        mark: { type: "text", align: "left", dx: 4, baseline: "top", color: "#666666" },
        encoding: { x, y: { value: 2 }, text: { field: "name", type: "nominal" } },
      },
      {
        data: { values },
        mark: { type: "rule", strokeWidth: 1, opacity: 0.6 },
        encoding: { x, y: { ...y, field: "lower" }, y2: { field: "upper" }, color: colour },
      },
      {
        data: { values },
        mark: { type: "line", point: { size: 28 } },
        encoding: {
          x,
          y: { ...y, field: "gflops" },
          color: colour,
          strokeDash: {
            ...colour,
            scale: {
              domain: lines,
              range: lines.map((line) => line === "limit" ? [5, 3] : [1, 0]),
            },
          },
        },
      },
    ],
  };
}

function pointsOf(backEnd: string, points: readonly GrowthPoint[]) {
  return points.flatMap(({ nnz, kernels, limits, limit }) => {
    const speeds = [
      ...kernels.map((each) => ({ ...each, line: each.kernel.replace("sparse ", "") })),
      ...limits.filter((each) => each.limit === limit).map((each) => ({ ...each, line: "limit" })),
    ].filter((each) => each.backEnd === backEnd);
    return speeds.map(({ line, gflops: { median, lower, upper } }) => {
      return { nnz, limit, line, gflops: median, lower, upper };
    });
  });
}

/** The numbers of stored weights at which the activations of the panel's batch fill a cache. */
function cacheMarks(
  backEnd: string,
  points: readonly GrowthPoint[],
  caches: readonly Cache[] | null,
  [from, to]: readonly number[],
): { name: string; nnz: number }[] {
  const own = points.filter(({ kernels }) => kernels.some((each) => each.backEnd === backEnd));
  if (own.length === 0) return [];
  return (caches ?? [])
    .map(({ name, bytes }) => {
      const { nnz, activationBytes } = own.reduce((nearest, point) =>
        distance(point, bytes) < distance(nearest, bytes) ? point : nearest
      );
      return { name, nnz: bytes / activationBytes * nnz };
    })
    .filter(({ nnz }) => nnz > from && nnz < to);
}

function distance({ activationBytes }: GrowthPoint, bytes: number): number {
  return Math.abs(Math.log(activationBytes / bytes));
}
