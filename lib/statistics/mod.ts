/**
 * Statistics of results: summaries, intervals, tests, ranks. Pure functions of numbers.
 *
 * @module
 */
export { bootstrap, bootstrapRuns, bootstrapTotals } from "./bootstrap.ts";
export { normalUpperTail, studentTUpperTail } from "./distributions.ts";
export { friedman, type FriedmanResult } from "./friedman.ts";
export { type Interval, percentileInterval, tInterval, wilsonInterval } from "./intervals.ts";
export { nemenyi, type NemenyiResult } from "./nemenyi.ts";
export { normalQuantile } from "./normal_quantile.ts";
export { probabilityOfImprovement } from "./probability_of_improvement.ts";
export { rank, type Ranks } from "./ranks.ts";
export type { Better } from "./score_table.ts";
export { shapiroWilk, type ShapiroWilkResult } from "./shapiro_wilk.ts";
export { interquartileMean, mean, median, quantile, standardDeviation } from "./summary.ts";
export { squaredDistances, type Tsne, tsne, type TsneOptions } from "./tsne.ts";
export { wilcoxon, type WilcoxonOptions, type WilcoxonResult } from "./wilcoxon.ts";
export { winCounts } from "./win_counts.ts";
