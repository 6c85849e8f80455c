/**
 * Every part of a sentence with a figure of the comparisons with trees: README.md and results/README.md.
 *
 * @module
 */
import assert from "node:assert/strict";
import { readComparison } from "../../lib/experiments/comparison/comparison_folder.ts";
import { comparisonReport } from "../../lib/experiments/comparison/comparison_report.ts";
import { pText, type ReportTable } from "../../lib/reports/mod.ts";
import { defaultSettings } from "../../lib/settings/mod.ts";
import { mean, median, wilcoxon } from "../../lib/statistics/mod.ts";
import { ROOT } from "../tasks/run_task.ts";
import {
  comparison,
  extent,
  fixed,
  gain,
  range,
  record,
  type RecordOfAny,
  records,
  WORDS,
} from "./records.ts";

/** The methods of a comparison over all data sets, as its report has them. */
function overallRows(name: string, table = "overall"): RecordOfAny[] {
  const { scores, description } = readComparison(`${ROOT}results/${name}`);
  const { parts } = comparisonReport(scores, description);
  const isOverall = (part: RecordOfAny) => part.kind === "table" && part.name === table;
  return [...(parts.find(isOverall) as ReportTable).data];
}

/** What README.md and results/README.md say of the comparison with trees. */
export function comparisonClaims(): { readme: string[]; results: string[] } {
  const { perDataset, datasets, test, overall } = comparison("comparison");
  const of = (name: string) => perDataset.filter((score) => score.name.includes(name));
  const accuracy = (name: string, dataset: string) =>
    Number(of(name).find((score) => score.dataset === dataset)!.score.estimate.toFixed(12));
  const ahead = datasets.map((dataset) =>
    Math.sign(
      accuracy("modern", dataset) -
        Math.max(...["Hist", "Random", "Extra"].map((name) => accuracy(name, dataset))),
    )
  );
  const count = (sign: number) => ahead.filter((found) => found === sign).length;
  assert.deepEqual(datasets.filter((_, d) => ahead[d] < 0), [
    "bioresponse",
    "credit",
    "higgs-subset",
  ]);
  const parts = datasets.filter((dataset) => dataset.endsWith("-subset"));
  assert.deepEqual(parts, ["jannis-subset", "miniboone-subset", "higgs-subset"]);
  const seconds = (name: string) => extent(of(name).map(({ medians }) => medians.fitSeconds));
  const [boosting, forest, extra, modern] = ["Hist", "Random", "Extra", "modern"].map(seconds);
  const forests = extent([...forest, ...extra]);
  const density = extent(of("modern").map(({ medians }) => 100 * medians.density!));
  const own = datasets.map((dataset) => ownDensity(dataset)).sort((a, b) => a - b);
  assert.equal(own.at(-1), ownDensity("bioresponse"));
  const ofColumns = range(100 * own[0], 100 * own[own.length - 2]);
  const most = fixed(100 * own[own.length - 1], 1);
  const trees = [Math.min(boosting[0], forests[0]), Math.max(boosting[1], forests[1])];
  const others = overallRows("comparison").filter(({ pValue }) => pValue !== null);
  assert.deepEqual(new Set(others.map(({ shown }) => shown)), new Set(["lower"]));
  assert.ok(others.every(({ high }) => high < 0));
  const [first, second] = overall;
  assert.match(`${first.name} ${second.name}`, /modern HistGradientBoosting$/);
  assert.ok(second.meanRank - first.meanRank < test!.criticalDifference);
  const [methods, rivals] = [overall, others].map(({ length }) => WORDS[length]);
  const lead = (left: readonly string[]) =>
    100 * mean(left.map((dataset) => accuracy("modern", dataset) - accuracy("Hist", dataset)));
  const tries = `tries ${WORDS[defaultSettings(undefined, "modern").trials]} candidate settings`;
  return {
    readme: [
      `on ${datasets.length} data sets of the paper, ${WORDS[parts.length]} of them in part`,
      tries,
      `stores ${range(...density)} % of the weights`,
      `sines included: ${ofColumns} %`,
      `(Bioresponse: ${most} %)`,
      `in ${fixed(trees[0], 1)} to ${fixed(trees[1], 0)} seconds, against ` +
      `${fixed(modern[0], 0)} to ${fixed(modern[1], 0)}`,
    ],
    results: [
      `Over the ${datasets.length} data sets:`,
      tries,
      `more accurate than all trees on ${count(1)} sets and level with the best of them on ` +
      `${WORDS[count(0)]}`,
      `The ${rivals} others are shown to be less accurate (Wilcoxon over the data sets, ` +
      `two-sided, p at most ${
        fixed(Math.max(...others.map(({ adjustedP }) => adjustedP)), 3)
      } after ` +
      `Holm's adjustment for ${rivals} comparisons), and no 95 % interval of a mean difference ` +
      "includes 0",
      `Histogram boosting is ${fixed(lead(datasets), 1)} points behind, and ` +
      `${fixed(lead(datasets.filter((it) => it !== "electricity")), 1)} without Electricity`,
      ...laterBase(),
      `Nemenyi's test over all ${methods} methods has a critical difference of ` +
      `${fixed(test!.criticalDifference, 2)} ranks`,
      `a member has ${ofColumns} % of the weights, on Bioresponse ${most} %`,
      `boosting takes ${range(boosting[0], boosting[1])} seconds`,
      `the forests take ${fixed(forests[0], 1)} to ${fixed(forests[1], 0)},`,
      `takes ${fixed(modern[0], 0)} to ${fixed(modern[1], 0)}.`,
    ],
  };
}

/**
 * The median over seeds of a modern member's weights as a share of those of a dense network on the table's
 * own columns, which has no sines.
 */
function ownDensity(dataset: string): number {
  const { contenders, datasets } = record("comparison/comparison.json");
  const { hidden: [h1, h2, h3], frequencies } = contenders["Sparsemble, modern"];
  const { features, classes } = datasets[dataset];
  const inner = h1 * h2 + h2 * h3 + h3 * classes;
  // A slow sine for every feature, beside those of the frequencies.
  const sines = features * (frequencies + 1);
  const withSines = features * sines + sines * h1 + inner;
  const scores = records("comparison/comparison.jsonl").filter((score) =>
    score.name === "Sparsemble, modern" && score.dataset === dataset
  );
  return median(scores.map(({ weights, density }) => {
    const members = weights / density / withSines;
    assert.ok(Math.abs(members - Math.round(members)) < 1e-9, dataset);
    return weights / members / (features * h1 + inner);
  }));
}

/** What the base of the ablation has in later runs, with the same seed. */
function laterBase(): string[] {
  const seedOne = (study: string, wanted: string) =>
    new Map(
      records(`${study}/comparison.jsonl`)
        .filter(({ name, seed }) => name.startsWith(wanted) && seed === 1)
        .map(({ dataset, accuracy }) => [dataset as string, 100 * accuracy as number]),
    );
  const [before, after] = [seedOne("ablation", "Base"), seedOne("why_sparse", "Sparse")];
  assert.deepEqual([...before.keys()].toSorted(), [...after.keys()].toSorted());
  const names = [...before.keys()];
  const [old, later] = [before, after].map((scores) => names.map((name) => scores.get(name)!));
  const differences = later.map((score, i) => score - old[i]);
  assert.ok(wilcoxon(later, old).pValue > 0.05);
  return [
    `Of seed 1 its mean over the ${names.length} sets differs by ${fixed(mean(differences), 1)} ` +
    `points (${range(...extent(differences))} on one set), not shown`,
  ];
}

/** What is said of the parts of the recipe, on the same data sets. */
export function ablationClaims(): string[] {
  const rows = overallRows("ablation").filter(({ pValue }) => pValue !== null);
  const shown = rows.filter((row) => row.shown !== "not shown");
  assert.deepEqual(shown.map(({ method, shown }) => [method, shown]), [["One member", "lower"]]);
  const { datasets, perDataset } = comparison("ablation");
  const without = (change: string, left: string) => {
    const score = (name: string, dataset: string) =>
      perDataset.find((one) => one.name.startsWith(name) && one.dataset === dataset)!.score
        .estimate;
    const others = datasets.filter((dataset) => dataset !== left);
    const points = others.map((it) => 100 * (score(change, it) - score("Base", it)));
    return gain(mean(points));
  };
  const operations = (name: string) =>
    perDataset.filter((one) => one.name.startsWith(name))
      .reduce((sum, { medians }) => sum + medians.flops!, 0);
  return [
    `take ${fixed(operations("Two trials") / operations("Base"), 2)} times the operations`,
    `without Gesture Phase min-max scaling has ${without("Min-max", "gesture-phase")}, no sines ` +
    `${without("No sines", "gesture-phase")} and SGD ${without("SGD", "gesture-phase")}, and ` +
    `without Electricity the trials have ${without("Two trials", "electricity")}`,
    `on the same ${datasets.length} data sets`,
    `After Holm's adjustment for ${rows.length} comparisons ${WORDS[shown.length]} difference is ` +
    `shown (Wilcoxon over the data sets, two-sided): a single member is less accurate`,
  ];
}

/** What is said of calibration. */
export function calibrationClaims(): string[] {
  const { perDataset, datasets } = comparison("calibration");
  const loss = (name: string, dataset: string) =>
    perDataset.find((score) => score.name === name && score.dataset === dataset)!.logLoss!;
  const less = (better: string, worse: string) =>
    datasets.filter((dataset) => loss(better, dataset) < loss(worse, dataset)).length;
  const extra = "ExtraTrees (300)";
  const others = datasets.filter((dataset) => dataset !== "diabetes130us");
  const calibrated = less("Sparsemble, modern", "Modern, not calibrated");
  assert.equal(calibrated, datasets.length);
  const boosting = overallRows("calibration", "overall-log-loss")
    .find(({ method }) => method === "HistGradientBoosting")!;
  return [
    `Mean log loss over the ${datasets.length} data sets`,
    `on all ${calibrated} data sets`,
    `on ${less("HistGradientBoosting", "Sparsemble, modern")} of them; over the data sets a ` +
    `difference is ${boosting.shown} (p = ${pText(boosting.adjustedP)} after Holm)`,
    `where it is ${fixed(loss(extra, "diabetes130us"), 2)}; without that set it is ` +
    fixed(mean(others.map((dataset) => loss(extra, dataset))), 3),
  ];
}
