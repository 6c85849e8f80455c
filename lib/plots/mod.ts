/**
 * Figures of plain numbers as Vega-Lite specifications, SVG or PNG.
 *
 * @module
 */
export {
  type AccuracyEpoch,
  accuracyFigure,
  type AccuracyFigureOptions,
} from "./accuracy_figure.ts";
export { type BesidePublished, besidePublished } from "./beside_published.ts";
export {
  criticalDifferenceFigure,
  type CriticalDifferenceFigureOptions,
  type RankComparison,
} from "./critical_difference_figure.ts";
export {
  distanceFigure,
  type DistanceFigureOptions,
  type DistanceSearch,
} from "./distance_figure.ts";
export { heatmapFigure, type HeatmapFigureOptions, type HeatmapPanel } from "./heatmap_figure.ts";
export { type FigureSpec, renameInSvg, renderPng, renderSvg } from "./render.ts";
export { type ResultPoint, resultsFigure, type ResultsFigureOptions } from "./results_figure.ts";
export { scalingFigure, type ScalingFigureOptions, type ScalingPoint } from "./scaling_figure.ts";
export {
  trajectoryFigure,
  type TrajectoryFigureOptions,
  type TrajectoryPanel,
  type TrajectoryPoint,
} from "./trajectory_figure.ts";
