/**
 * What results/README.md and README.md say of sparse and dense networks: the table, and the parts of
 * sentences with figures. Whether something is shown follows from the report.
 *
 * @module
 */
import assert from "node:assert/strict";
import { readComparison } from "../../../lib/experiments/comparison/comparison_folder.ts";
import { comparisonReport } from "../../../lib/experiments/comparison/comparison_report.ts";
import { pText, type ReportTable } from "../../../lib/reports/mod.ts";
import { holm, mean, tInterval, wilcoxon } from "../../../lib/statistics/mod.ts";
import { ROOT } from "../../tasks/run_task.ts";
import { comparison, fixed, gain, range, type RecordOfAny } from "../records.ts";
import { DENSE, SPARSE } from "./widths.ts";

const SEEDS = [1, 2, 3];
const ORDER = [SPARSE, ...Object.values(DENSE)];

function overall(table: "overall" | "overall-log-loss"): RecordOfAny[] {
  const { scores, description } = readComparison(`${ROOT}results/why_sparse`);
  const { parts } = comparisonReport(scores, description);
  const found = parts.find((part) => part.kind === "table" && part.name === table) as ReportTable;
  return ORDER.map((name) => found.data.find(({ method }) => method === name));
}

/** A network's mean over the data sets that all have, of the medians over seeds. */
function meanCost(wanted: string, of: "weights" | "flops" | "fitSeconds"): number {
  const { perDataset, datasets } = comparison("why_sparse");
  return mean(
    perDataset.filter(({ name, dataset }) => name === wanted && datasets.includes(dataset))
      .map(({ medians }) => medians[of]!),
  );
}

/** The networks over the data sets that all have, without the head. Costs are means over the data sets. */
export function whySparseTable(names: readonly string[]): string[][] {
  const losses = overall("overall-log-loss");
  return overall("overall").map((row, n) => {
    const to = ({ difference, shown }: RecordOfAny, factor: number, digits: number) =>
      difference === null ? "" : `${gain(factor * difference, digits)}, ${shown}`;
    return [
      names[n],
      fixed(100 * row.mean, 2),
      to(row, 100, 2),
      fixed(losses[n].meanLogLoss, 3),
      to(losses[n], 1, 3),
      `${fixed(meanCost(ORDER[n], "weights") / 1e3, 0)} k`,
      fixed(meanCost(ORDER[n], "flops") / 1e12, 2),
      fixed(meanCost(ORDER[n], "fitSeconds"), 1),
    ];
  });
}

/** A verdict of the table from the sparse networks' side. */
function verdict({ shown }: RecordOfAny, worse: "lower" | "higher"): string {
  return shown === worse ? "shown" : shown === "not shown" ? shown : "the opposite is shown";
}

/** Verdicts on the three dense networks in a sentence. */
function against([weights, times4, seconds]: readonly string[]): string {
  return weights === times4 && times4 === seconds
    ? `${weights} against any of the three`
    : `${weights} against as many weights, ${times4} against four times as many and ${seconds} ` +
      `against the same training time`;
}

/** The data sets of every seed. */
function datasetsOfSeeds(): string[][] {
  const { scores } = readComparison(`${ROOT}results/why_sparse`);
  const { datasets } = comparison("why_sparse");
  return SEEDS.map((seed) =>
    datasets.filter((dataset) =>
      ORDER.every((wanted) =>
        scores.some((one) => one.name === wanted && one.dataset === dataset && one.seed === seed)
      )
    )
  );
}

/** The runs that there are, where some are missing. */
function runsText(ofSeeds: readonly string[][], needed: number): string[] {
  const sets = ofSeeds.reduce((sum, { length }) => sum + length, 0);
  if (sets === needed) return [];
  const [{ length: all }] = ofSeeds;
  const text = ofSeeds.map((names, s) => {
    const seed = `seed ${SEEDS[s]} on`;
    if (names.length === 0) return `${seed} none`;
    if (names.length === all) return `${seed} ${s === 0 ? `${all} data sets` : "all of them"}`;
    return `${seed} the first ${names.length} of them (${names.join(", ")})`;
  });
  const count = ORDER.length * sets;
  return [`There are ${count} of the ${ORDER.length * needed} runs here: ${text.join(", ")}`];
}

/**
 * The runs of a dense network that learned nothing: all classes are as likely to such a network, and its
 * log loss is that of equal odds.
 */
function failuresOf(name: string) {
  const { datasets } = comparison("why_sparse");
  const { scores, description } = readComparison(`${ROOT}results/why_sparse`);
  return scores.filter((one) =>
    one.name === name && datasets.includes(one.dataset) &&
    one.logLoss! > Math.log(description.datasets![one.dataset].classes) - 1e-3
  );
}

/** How far the dense networks are behind on the data sets where all of them learned in every run. */
function withoutFailures() {
  const { perDataset, datasets } = comparison("why_sparse");
  const failed = Object.values(DENSE).flatMap(failuresOf).map(({ dataset }) => dataset);
  const on = [...new Set(failed)];
  const others = datasets.filter((dataset) => !on.includes(dataset));
  const of = (wanted: string) =>
    others.map((dataset) =>
      perDataset.find((one) => one.name === wanted && one.dataset === dataset)!
    );
  const behind = (value: (one: ReturnType<typeof of>[number]) => number) => {
    const sparse = of(SPARSE).map(value);
    const dense = Object.values(DENSE).map((name) => of(name).map(value));
    const off = dense.map((own) => own.map((it, i) => it - sparse[i]));
    assert.ok(off.every((own) => tInterval(own).low > 0), "no interval includes 0");
    const pValues = holm(dense.map((own) => wilcoxon(own, sparse).pValue));
    return { means: off.map(mean), pValues };
  };
  return {
    on,
    others,
    points: behind(({ score }) => -100 * score.estimate),
    losses: behind(({ logLoss }) => logLoss!),
  };
}

function failedText(): string[] {
  const { on, others, points, losses } = withoutFailures();
  if (on.length === 0) return [];
  const lists = Object.values(DENSE).flatMap((name) => {
    const list = failuresOf(name).map(({ dataset, seed, value }) =>
      `${dataset} (seed ${seed}, ${fixed(100 * value, 1)} %)`
    );
    return list.length === 0 ? [] : [`"${name}" learned nothing on ${list.join(", ")}`];
  });
  const p = Math.max(...points.pValues, ...losses.pValues);
  assert.ok(p < 0.05 && Math.min(...points.means, ...losses.means) > 0, "it is shown");
  const inWords = (means: readonly number[], digits: number) => {
    const [weights, times4, seconds] = means.map((value) => fixed(value, digits));
    return `${weights}, ${times4} and ${seconds}`;
  };
  return [
    ...lists,
    `Over the other ${others.length} sets the three are behind by ${inWords(points.means, 2)} ` +
    `points and by ${inWords(losses.means, 3)} in log loss, and that is shown too (p at most ` +
    `${pText(p)} after Holm, and no interval includes 0)`,
  ];
}

/** What README.md and results/README.md say. */
export function whySparseClaims(): { readme: string[]; results: string[] } {
  const { datasets, perDataset } = comparison("why_sparse");
  const all = comparison("comparison").datasets;
  const missing = all.filter((dataset) => !datasets.includes(dataset)).toSorted();
  const ofSeeds = datasetsOfSeeds();
  const counts = datasets.map((dataset) => ofSeeds.filter((own) => own.includes(dataset)).length);
  const words = ["no seed", "one seed", "two seeds", "three seeds"];
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const seeds = least === most ? words[least] : `${words[least].split(" ")[0]} or ${words[most]}`;
  const [, ...points] = overall("overall");
  const [, ...losses] = overall("overall-log-loss");
  const [weights, times4, sameTime] = points.map(({ low, high }) => range(100 * low, 100 * high));
  const accurate = points.map((row) => verdict(row, "lower"));
  const probable = losses.map((row) => verdict(row, "higher"));
  const score = (name: string, dataset: string) =>
    perDataset.find((one) => one.name === name && one.dataset === dataset)!.score.estimate;
  const ahead = Object.values(DENSE).map((name) =>
    datasets.filter((dataset) => score(SPARSE, dataset) > score(name, dataset)).length
  );
  const seconds = (wanted: string) => meanCost(wanted, "fitSeconds");
  const behind = datasets.filter((dataset) => (
    score(DENSE.seconds, dataset) > score(SPARSE, dataset)
  ));
  const { on, points: lead, losses: excess } = withoutFailures();
  const without = on.length === 0
    ? ""
    : ` (${fixed(lead.means[2], 1)} and ${fixed(excess.means[2], 3)} without ${on.join(", ")}, ` +
      "where they can fail)";
  assert.equal(accurate[2], probable[2]);
  const share = (dataset: string) => {
    const [dense, sparse] = [DENSE.seconds, SPARSE].map((wanted) =>
      perDataset.find((one) => one.name === wanted && one.dataset === dataset)!.medians.fitSeconds
    );
    return 100 * dense / sparse;
  };
  const byShare = datasets.toSorted((a, b) => share(a) - share(b));
  const [shortest, longest] = [byShare[0], byShare[byShare.length - 1]]
    .map((dataset) => `${fixed(share(dataset), 0)} % (${dataset})`);
  return {
    results: [
      ...runsText(ofSeeds, all.length * SEEDS.length),
      ...missing.length === 0 ? [] : [`${missing.join(", ")} are missing`],
      `That the sparse networks are more accurate is ${against(accurate)}`,
      `ahead on ${ahead[0]}, ${ahead[1]} and ${ahead[2]} of ${datasets.length} sets`,
      `(Student's, over the sets) are ${weights}, ${times4} and ${sameTime} points`,
      ...behind.length === 0
        ? []
        : [`Dense networks that train as long are ahead on ${behind.toSorted().join(", ")}`],
      ...failedText(),
      `That their log loss is less is ${against(probable)}`,
      `In the study those of the same training time took ${
        fixed(100 * seconds(DENSE.seconds) / seconds(SPARSE), 0)
      } % of the seconds of the sparse ones in the mean, and from ${shortest} to ${longest} on ` +
      "single sets",
    ],
    readme: [
      `are behind on ${ahead[2]} of ${datasets.length} sets (${accurate[2]}), in the mean of ` +
      `${seeds} by ${fixed(-100 * points[2].difference, 1)} points and ` +
      `${fixed(losses[2].difference, 3)} in log loss${without}`,
    ],
  };
}
