import {
  bootstrapTotals,
  holm,
  percentileInterval,
  shapiroWilk,
  wilcoxon,
} from "../../../statistics/mod.ts";
import {
  type Column,
  deviationOrNull,
  type Finding,
  type MarkdownReport,
  meanOrNull,
  NOT_RUN,
  pText,
  publishedText,
  signed,
  tableOf,
  textOr,
} from "../../../reports/mod.ts";
import { randomStream } from "../../../random.ts";
import type { Evidence, Experiment, MeasureContext, Selection } from "../experiment.ts";
import { measureMissing } from "../measure.ts";
import { findingParts, untested } from "../paired_order.ts";
import {
  datasetTitle,
  ensembleRun,
  ENSEMBLES,
  isSubset,
  METHOD_NAMES,
  modelName,
  PROPOSED,
  SCHEDULES,
  selectedMethods,
  sparsityText,
  SUBSET,
  type Variant,
} from "../paper_configs.ts";
import { type Predictions, rightRows, testPredictions } from "../predictions.ts";
import { publishedDataset, TABLE5 } from "../published.ts";

/** Bootstrapped test sets, as in the paper. */
const REPLICATES = 30;

/** Bootstrapped test sets for an interval. */
const INTERVAL_REPLICATES = 10_000;

/** Table 5: tests of the proposed methods against EDST_RG on bootstrapped test sets. */
export const table5: Experiment = {
  name: "table5",
  defaults: { datasets: ["gesture-phase"], seeds: [1], epsilons: [10, 20, 30], methods: ENSEMBLES },
  options: ["datasets", "seeds", "epsilons", "methods"],
  one: ["seeds"],
  together: false,
  configs: (selection) => cellsOf(selection).map(({ config }) => config),
  measurements: (selection) => cellsOf(selection).map(({ name }) => name),
  measure: measureTable5,
  report: (evidence) => reportTable5(evidence),
};

function cellsOf(selection: Selection) {
  const { datasets: [dataset], seeds: [seed], epsilons, quick } = selection;
  // The baseline is needed for every selection.
  const methods = selectedMethods(selection, ENSEMBLES).filter((method) => method !== "edst");
  const own = { learningRate: null, refinement: null };
  const all: Variant[] = [
    { ...own, method: "edst" },
    { ...own, method: "edst", refinement: "comprehensive" },
    ...methods.map((method) => ({ ...own, method })),
  ];
  return epsilons.flatMap((epsilon) =>
    all.map((variant) => {
      const { method, refinement } = variant;
      const name = `${dataset} ${method} ${refinement ?? ""} epsilon ${epsilon} seed ${seed}`;
      return {
        variant,
        epsilon,
        name: `${name.replace("  ", " ")}${quick ? " quick" : ""}`,
        config: ensembleRun(dataset, method, epsilon, seed, quick, refinement ?? undefined),
      };
    })
  );
}

async function measureTable5(context: MeasureContext): Promise<void> {
  const cells = cellsOf(context.selection).flatMap(({ variant, epsilon, name, config }) => {
    const folder = context.runFolder(config);
    if (folder === null) return [];
    const what = `predictions of ${modelName(variant)} at ε = ${epsilon}`;
    return [{ name, what, measure: () => testPredictions(config, folder) }];
  });
  await measureMissing(context, cells);
}

/**
 * The table's rows; values are `null` where a run is missing, and the baseline has no test. The row that
 * the paper does not have begins with its first run.
 */
function rowsOf({ selection, measured }: Evidence) {
  const dataset = publishedDataset(selection.datasets[0]);
  const all = cellsOf(selection).map(({ variant, epsilon, name }) => {
    const predictions = measured[name] as Predictions | undefined;
    return { variant, epsilon, right: predictions === undefined ? null : rightRows(predictions) };
  });
  const cells = all.filter(({ variant }) =>
    variant.refinement === null ||
    all.some(({ variant: { refinement }, right }) => refinement !== null && right !== null)
  );
  return selection.epsilons.flatMap((epsilon) => {
    const own = cells.filter((cell) => cell.epsilon === epsilon);
    const totals = bootstrapAll(own.map(({ right }) => right), selection, epsilon);
    const place = (wanted: Variant["refinement"]) =>
      own.findIndex(({ variant: { method, refinement } }) =>
        method === "edst" && refinement === wanted
      );
    /** The difference to another row in points, over the test rows. */
    const differenceTo = (other: number, i: number) => {
      const [mine, base] = [totals[i], totals[other] ?? null];
      if (i === other || mine === null || base === null) return null;
      const { right } = own[i];
      const points = (count: number) => 100 * count / right!.length;
      return percentileInterval(
        points(sum(right!) - sum(own[other].right!)),
        mine.map((total, j) => points(total - base[j])),
      );
    };
    const [baseline, comprehensive] = [place(null), place("comprehensive")];
    return own.map(({ variant, right }, i) => {
      const { method, refinement } = variant;
      const [mine, base] = [totals[i], totals[baseline]];
      const points = (count: number) => 100 * count / right!.length;
      const accuracies = mine === null ? [] : Array.from(mine.subarray(0, REPLICATES), points);
      const varies = accuracies.some((accuracy) => accuracy !== accuracies[0]);
      // Counts, not fractions: ties are exact.
      const counts = (totals: Float64Array) => totals.subarray(0, REPLICATES);
      const test = i === baseline || mine === null || base === null
        ? null
        : wilcoxon(counts(base), counts(mine), { alternative: "less" });
      const difference = differenceTo(baseline, i);
      const equal = method === "edst" ? null : differenceTo(comprehensive, i);
      const published = dataset === null || refinement !== null
        ? undefined
        : TABLE5[dataset].find((row) => row.method === method && row.epsilon === epsilon);
      return {
        method,
        refinement,
        epsilon,
        accuracy: meanOrNull(accuracies),
        accuracyDeviation: deviationOrNull(accuracies),
        publishedAccuracy: published?.accuracy ?? null,
        publishedAccuracyDeviation: published?.accuracyDeviation ?? null,
        wilcoxon: test?.statistic ?? null,
        publishedWilcoxon: published?.statistic ?? null,
        pairs: test?.pairs ?? null,
        p: test?.pValue ?? null,
        publishedP: published?.pValue ?? null,
        difference: difference?.estimate ?? null,
        differenceLow: difference?.low ?? null,
        differenceHigh: difference?.high ?? null,
        equalRefinement: equal?.estimate ?? null,
        equalRefinementLow: equal?.low ?? null,
        equalRefinementHigh: equal?.high ?? null,
        shapiroWilkP: varies ? shapiroWilk(accuracies).pValue : null,
      };
    });
  });
}

const sum = (values: Uint8Array) => values.reduce((total, value) => total + value, 0);

/**
 * The number of correct answers on bootstrapped test sets, with the same rows for every model. The first
 * sets are the table's.
 */
function bootstrapAll(
  right: readonly (Uint8Array | null)[],
  { datasets: [dataset], seeds: [seed] }: Selection,
  epsilon: number,
): (Float64Array | null)[] {
  const present = right.filter((rows) => rows !== null);
  if (present.length === 0) return right.map(() => null);
  const random = randomStream(seed, "table5", dataset, epsilon);
  const totals = bootstrapTotals(present, INTERVAL_REPLICATES, random);
  return right.map((rows) => rows === null ? null : totals[present.indexOf(rows)]);
}

function reportTable5(evidence: Evidence): MarkdownReport {
  const { selection } = evidence;
  const { datasets: [dataset], seeds: [seed] } = selection;
  const subset = isSubset(dataset);
  const rows = rowsOf(evidence);
  const hasEqual = rows.some(({ refinement }) => refinement !== null);
  const difference = (
    head: string,
    key: "difference" | "equalRefinement",
  ): Column<typeof rows[number], string> => [
    `Difference${head}, 95 % interval`,
    (row) =>
      textOr(
        "–",
        row[key],
        (it) => `${signed(it)} (${signed(row[`${key}Low`]!)} to ${signed(row[`${key}High`]!)})`,
      ),
  ];
  const normal = rows.flatMap(({ shapiroWilkP }) => shapiroWilkP ?? []);
  return {
    title: `Table 5: tests on bootstrapped test sets of ${datasetTitle(dataset)}`,
    parts: [
      {
        kind: "text",
        text: [
          ...subset ? [SUBSET] : [],
          `The ensembles of seed ${seed} on ${REPLICATES} test sets drawn with replacement from the test rows, the same rows for all models of a sparsity. "Wilcoxon" is the sum of the ranks, by absolute difference, of the test sets on which EDST_RG is ahead (T⁺; 465 if it is ahead on all, 0 if on none), and p the one-tailed probability of so small a sum; pairs that tie are left out.`,
          `Bootstrapped test sets are no independent samples: p tells how steadily two trained ensembles differ on these very rows, and falls with the number of test sets drawn. The interval of the difference (percentiles of ${
            INTERVAL_REPLICATES.toLocaleString("en")
          } bootstraps) does not; Table 1 compares the methods over several runs.`,
          ...hasEqual ? [SCHEDULES] : [],
        ].join(" "),
      },
      {
        kind: "table",
        name: "table5",
        title: "Ours beside the paper",
        ...tableOf<typeof rows[number], string>(rows, [
          ["S", ({ epsilon }) => sparsityText(epsilon)],
          ["Model", (row) => modelName({ ...row, learningRate: null })],
          ["Accuracy [%]", (row) => publishedText(row.accuracy, row.accuracyDeviation, 1, NOT_RUN)],
          ["paper", (row) => publishedText(row.publishedAccuracy, row.publishedAccuracyDeviation)],
          ["Wilcoxon", ({ wilcoxon }) => `${wilcoxon ?? "–"}`],
          ["paper", ({ publishedWilcoxon }) => `${publishedWilcoxon ?? "–"}`],
          ["p", ({ p }) => textOr("–", p, pText)],
          ["paper", ({ publishedP }) => textOr("–", publishedP, pText)],
          difference(hasEqual ? " to EDST_RG" : "", "difference"),
          ...hasEqual ? [difference(" to EDST_RG, comprehensive", "equalRefinement")] : [],
          ["Shapiro–Wilk p", ({ shapiroWilkP }) => textOr("–", shapiroWilkP, pText)],
        ]),
        data: rows,
      },
      {
        kind: "text",
        text: normal.length === 0
          ? "No normality was tested: no run is finished."
          : `Shapiro–Wilk rejects normality at 0.05 for ${normal.filter((p) => p < 0.05).length} ` +
            `of ${normal.length} models (the paper: "normality cannot be assumed").`,
      },
      ...findingParts(findingsOf(rows)),
    ],
  };
}

/**
 * The paper's rule: a method is better if the test is significant at p = 0.05, and worse if the reverse
 * test is. All p-values are one family, adjusted after Holm.
 */
function findingsOf(rows: ReturnType<typeof rowsOf>): Finding[] {
  const proposed = rows.filter(({ method }) => PROPOSED.some((name) => name === method));
  const adjusted = holm(proposed.flatMap(({ p }) => p ?? []));
  let next = 0;
  return proposed.map((row) => {
    const claim = `${METHOD_NAMES[row.method]} outperforms EDST_RG at ε = ${row.epsilon} ` +
      `on these test sets`;
    if (row.wilcoxon === null) return untested(claim);
    const [statistic, pValue, pairs] = [row.wilcoxon, row.p!, row.pairs!];
    const own = adjusted[next++];
    const total = pairs * (pairs + 1) / 2;
    const reverse = pairs > 0 && statistic > total / 2 && pValue > 0.95;
    return {
      claim,
      verdict: own < 0.05 ? "holds" : reverse ? "contradicted" : "open",
      evidence: `T⁺ = ${statistic} of ${total}, p = ${pText(pValue)} (${pText(own)} by Holm, of ` +
        `${adjusted.length}); the interval of the difference over the rows ${
          row.differenceLow! > 0 || row.differenceHigh! < 0 ? "excludes" : "includes"
        } 0`,
    };
  });
}
