import { plural } from "../../messages.ts";
import {
  criticalDifferenceFigure,
  ranksTitle,
  resultsFigure,
  type ResultsFigureOptions,
} from "../../plots/mod.ts";
import type { Report, ReportBlock, ReportSection, Table } from "../../reports/mod.ts";
import { tableOf } from "../../reports/mod.ts";
import { friedman, mean, nemenyi } from "../../statistics/mod.ts";
import { resultValue } from "./result_values.ts";
import type { Result } from "./results.ts";
import { groupRuns, type GroupScore, type RunGroup, settingsInCommon } from "./run_groups.ts";
import { countOf, flopsOf, numberText, percentOf } from "./run_labels.ts";
import { nameOfRun, runNames } from "./run_names.ts";
import { curve, isNumeric, membersTable } from "./run_report.ts";

/**
 * The report of a folder of runs.
 *
 * @param title The report's title.
 * @param curves The number of runs that are shown epoch by epoch.
 */
export function reportOfResults(
  results: readonly Result[],
  title: string,
  curves: number,
): Report {
  const groups = groupRuns(results);
  const datasets = new Set(groups.map(({ dataset }) => dataset)).size;
  return {
    title,
    lead:
      `${plural(results.length, "finished run")} of ${plural(groups.length, "configuration")} ` +
      `on ${plural(datasets, "data set")}.`,
    sections: [
      {
        title: "Results",
        blocks: [{ kind: "table", table: summaryTable(groups) }, ...dots(groups)],
      },
      ...ranks(groups),
      { title: "Cost", blocks: [{ kind: "table", table: costTable(groups) }] },
      ...epochByEpoch(groups, curves),
      { title: "Runs", blocks: [{ kind: "table", table: runsTable(results) }] },
      settings(results),
    ],
  };
}

type Cell = string | number | null;

function summaryTable(groups: readonly RunGroup[]): Table {
  const isClassified = groups.some(({ accuracy }) => accuracy !== null);
  const isNumeric = groups.some(({ r2 }) => r2 !== null);
  const scores = [...isClassified ? ["accuracy"] : [], ...isNumeric ? ["R², RMSE"] : []];
  const ofOne = isClassified
    ? ", and of an accuracy Wilson's over the test rows of one run otherwise"
    : "";
  return {
    caption: scores.length === 0
      ? "Runs without test rows"
      : `Means on the test rows: ${scores.join(", ")}. The 95 % interval is Student's over ` +
        `seeds, where there are several${ofOne}`,
    ...tableOf<RunGroup, Cell>(groups, [
      ["data set", ({ dataset }) => dataset],
      ["method", ({ label }) => label],
      ["sparsity", ({ sparsity }) => sparsity || null],
      ["seeds", ({ runs }) => runs.length],
      [
        "accuracy (%)",
        ({ accuracy, runs }) => percentOf(accuracy?.estimate ?? null, rowsOf(runs)),
      ],
      [
        "95 % interval (%)",
        ({ accuracy, runs }) => rangeOf(accuracy, (end) => percentOf(end, rowsOf(runs))),
      ],
      ["R²", ({ r2 }) => r2 && numberText(r2.estimate)],
      ["95 % interval of R²", ({ r2 }) => rangeOf(r2, numberText)],
      ["RMSE", ({ rmse }) => rmse === null ? null : numberText(rmse)],
      ["over", overWhat],
    ]),
  };
}

/** The interval of a score as text, if it has one. */
function rangeOf(score: GroupScore | null, text: (end: number) => string | null): string | null {
  if (score === null || score.low === null || score.high === null) return null;
  return `${text(score.low)} to ${text(score.high)}`;
}

/** The source of a group's interval. */
function overWhat({ accuracy, r2, runs }: RunGroup): string | null {
  if (((accuracy ?? r2)?.low ?? null) === null) return null;
  return runs.length > 1 ? "seeds" : "test rows";
}

/** The number of rows of which an accuracy is a share. A mean over several runs is finer. */
function rowsOf(runs: readonly Result[]): number {
  return runs.length > 1 ? Infinity : runs[0].record.testRows;
}

function dots(groups: readonly RunGroup[]): ReportBlock[] {
  const ofSeeds = "bars: 95 % intervals over seeds, where there are several";
  return [
    ...dotsOf(groups, ({ accuracy }) => accuracy, 100, {
      title: "Test accuracy",
      interval: "bars: 95 % intervals, over seeds or over test rows as in the table",
    }),
    ...dotsOf(groups, ({ r2 }) => r2, 1, { title: "R²", quantity: "test R²", interval: ofSeeds }),
  ];
}

/** @param unit The unit that the score is drawn in. */
function dotsOf(
  groups: readonly RunGroup[],
  scoreOf: (group: RunGroup) => GroupScore | null,
  unit: number,
  options: ResultsFigureOptions,
): ReportBlock[] {
  const tested = groups.filter((group) => scoreOf(group) !== null);
  if (tested.length < 2) return [];
  const inUnit = (end: number | null) => end === null ? null : unit * end;
  const nameOf = namesOf(tested);
  const names = new Set(tested.map(nameOf));
  const spec = resultsFigure(
    tested.map((group) => ({
      // A single method needs no panel per data set.
      ...names.size === 1
        ? { group: nameOf(group), label: group.dataset }
        : { group: group.dataset, label: nameOf(group) },
      series: "runs",
      estimate: unit * scoreOf(group)!.estimate,
      low: inUnit(scoreOf(group)!.low),
      high: inUnit(scoreOf(group)!.high),
    })),
    {
      ...options,
      // Beside long names there is no room for a second panel.
      columns: [...names].some(({ length }) => length > 20) ? 1 : 2,
    },
  );
  return [{ kind: "figure", spec }];
}

/** Names groups. The name includes the sparsity if groups differ in it. */
function namesOf(groups: readonly RunGroup[]): (group: RunGroup) => string {
  const sparsities = new Set(groups.map(({ sparsity }) => sparsity).filter((each) => each !== ""));
  return ({ label, sparsity }) =>
    sparsities.size > 1 && sparsity !== "" ? `${label}, ${sparsity}` : label;
}

/** The comparison of methods over the data sets on which all were run, if there are enough. */
function ranks(groups: readonly RunGroup[]): ReportSection[] {
  const nameOf = namesOf(groups);
  const names = [...new Set(groups.map(nameOf))];
  const find = (dataset: string, name: string) =>
    groups.find((group) => group.dataset === dataset && nameOf(group) === name)?.accuracy;
  const datasets = [...new Set(groups.map(({ dataset }) => dataset))].filter((dataset) =>
    names.every((name) => find(dataset, name) !== undefined && find(dataset, name) !== null)
  );
  if (names.length < 3 || datasets.length < 2) return [];
  const table = datasets.map((dataset) => names.map((name) => find(dataset, name)!.estimate));
  const { meanRanks, pValue } = friedman(table);
  const test = nemenyi(meanRanks, datasets.length);
  const title = ranksTitle(datasets.length);
  const spec = criticalDifferenceFigure({ methods: names, meanRanks, ...test }, { title });
  return [{
    title: "Comparison over data sets",
    blocks: [
      {
        kind: "text",
        text: `Mean ranks over the ${datasets.length} data sets that every method was run on. ` +
          `Friedman's test for any difference: p = ${pValue.toPrecision(2)}. ` +
          `Nemenyi's test at 95 %: two methods differ where their mean ranks are more than ` +
          `${test.criticalDifference.toFixed(2)} apart.`,
      },
      { kind: "figure", spec },
    ],
  }];
}

function costTable(groups: readonly RunGroup[]): Table {
  const meanOf = (group: RunGroup, value: (result: Result) => number) =>
    mean(group.runs.map(value));
  return {
    caption: "Means over the seeds. FLOPs are counted; a multiply-add counts as two",
    ...tableOf<RunGroup, Cell>(groups, [
      ["data set", ({ dataset }) => dataset],
      ["method", ({ label }) => label],
      ["sparsity", ({ sparsity }) => sparsity || null],
      ["stored weights", (group) => countOf(meanOf(group, ({ record }) => record.weights))],
      ["density (%)", (group) => percentOf(meanOf(group, ({ record }) => record.density))],
      ["training FLOPs", (group) => flopsOf(meanOf(group, ({ record }) => record.flops.counted))],
      ["training (s)", (group) => meanOf(group, ({ record }) => record.seconds.train).toFixed(1)],
      [
        "peak memory (MB)",
        (group) => countOf(meanOf(group, ({ record }) => record.peakMemoryBytes) / 1e6),
      ],
    ]),
  };
}

function epochByEpoch(groups: readonly RunGroup[], curves: number): ReportSection[] {
  const chosen = groups.slice(0, curves);
  if (chosen.length === 0) return [];
  const drawn = chosen.filter(({ runs }) => !isNumeric(runs[0])).length;
  const left = groups.length - chosen.length;
  const which = left > 0
    ? `The first seed of the first ${plural(chosen.length, "configuration")} of the table above; ` +
      `${left} more are not drawn.`
    : "The first seed of every configuration.";
  return [{
    title: drawn === 0 ? "Members" : "Accuracy over the epochs",
    blocks: [
      { kind: "text", text: which },
      ...chosen.flatMap(({ runs: [result], ...name }): ReportBlock[] => {
        const title = nameOfRun(name, result.config.seed);
        const table = membersTable(result.record);
        // Runs that predict numbers have no accuracy to draw. Then the table has the run's name as its
        // title.
        if (isNumeric(result)) return [{ kind: "table", table: { ...table, caption: title } }];
        return [curve(result, title), { kind: "table", table }];
      }),
    ],
  }];
}

function runsTable(results: readonly Result[]): Table {
  const names = runNames(results.map(({ config }) => config));
  const nameOf = new Map(results.map((result, r) => [result, names[r]]));
  const rows = results.toSorted((a, b) => {
    const [one, other] = [a, b].map((result) => nameOf.get(result)!)
      .map(({ dataset, label, sparsity }) => `${dataset} ${label} ${sparsity}`);
    return one < other ? -1 : one > other ? 1 : a.config.seed - b.config.seed;
  });
  return tableOf<Result, Cell>(rows, [
    ["configuration", ({ hash }) => hash],
    ["data set", (result) => nameOf.get(result)!.dataset],
    ["method", (result) => nameOf.get(result)!.label],
    ["sparsity", (result) => nameOf.get(result)!.sparsity || null],
    ["seed", ({ config }) => config.seed],
    ["ensemble (%)", ({ record }) => percentOf(record.accuracy, record.testRows)],
    [
      "mean member (%)",
      (result) =>
        percentOf(resultValue(result, "memberAccuracy") as number | null, result.record.testRows),
    ],
    ["RMSE", ({ record: { regression } }) => regression ? numberText(regression.rmse) : null],
    ["R²", ({ record: { regression } }) => regression ? numberText(regression.r2) : null],
    ["training (s)", ({ record }) => record.seconds.train.toFixed(1)],
    ["kernels", ({ record }) => record.execution?.kernels ?? record.kernels],
    ["threads", ({ record }) => record.execution?.threads ?? null],
  ]);
}

function settings(results: readonly Result[]): ReportSection {
  const { shared, varied } = settingsInCommon(results);
  const differing: Table = {
    caption: "What differs between the runs",
    columns: ["setting", "values"],
    rows: varied.map(([key, values]) => [key, values.join("; ")]),
  };
  const equal = { caption: "What all runs share", columns: ["setting", "value"], rows: shared };
  const tables = varied.length === 0 ? [equal] : [differing, equal];
  return { title: "Settings", blocks: tables.map((table) => ({ kind: "table", table })) };
}
