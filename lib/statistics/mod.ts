/**
 * Statistics of results: summaries, intervals, tests, ranks. Pure functions of numbers.
 *
 * @module
 */
export * from "./bootstrap.ts";
export { normalUpperTail, studentTUpperTail } from "./distributions.ts";
export * from "./friedman.ts";
export * from "./holm.ts";
export * from "./intervals.ts";
export * from "./nemenyi.ts";
export * from "./normal_quantile.ts";
export * from "./probability_of_improvement.ts";
export * from "./ranks.ts";
export type { Better } from "./score_table.ts";
export * from "./shapiro_wilk.ts";
export * from "./summary.ts";
export { squaredDistances, type Tsne, tsne, type TsneOptions } from "./tsne.ts";
export * from "./wilcoxon.ts";
export * from "./win_counts.ts";
