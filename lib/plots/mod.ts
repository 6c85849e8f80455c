/**
 * Figures of plain numbers as Vega-Lite specifications, SVG or PNG.
 *
 * @module
 */
export * from "./accuracy_figure.ts";
export * from "./beside_published.ts";
export * from "./confusion_figure.ts";
export * from "./cost_figure.ts";
export * from "./critical_difference_figure.ts";
export * from "./distance_figure.ts";
export * from "./heatmap_figure.ts";
export * from "./importance_figure.ts";
export * from "./label_places.ts";
export * from "./members_figure.ts";
export * from "./narrow_figure.ts";
export * from "./prediction_figure.ts";
export * from "./reliability_figure.ts";
export * from "./render.ts";
export * from "./results_figure.ts";
export * from "./scaling_figure.ts";
export * from "./trajectory_figure.ts";
