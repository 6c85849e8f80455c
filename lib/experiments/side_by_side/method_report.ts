/**
 * The report of a benchmark: methods at equal weights, by total density. Fixed rules derive its sentences.
 */
import { plural } from "../../messages.ts";
import { costFigure, criticalDifferenceFigure, ranksTitle } from "../../plots/mod.ts";
import {
  type Column,
  type MarkdownReport,
  NOT_RUN,
  pText,
  type ReportFigure,
  type ReportPart,
  type ReportTable,
  signed,
  tableOf,
  textOr,
} from "../../reports/mod.ts";
import { mean } from "../../statistics/mod.ts";
import { type ComparisonSummary, summarizeComparison } from "../comparison/mod.ts";
import { percentOf } from "../results/mod.ts";
import {
  contendersAt,
  machinesOf,
  type MethodContender,
  scoreOfRun,
  sharedSplits,
  splitOf,
  totalDensities,
} from "./contenders.ts";
import { frontSentence } from "./cost_front.ts";
import { methodIntroduction } from "./method_introduction.ts";
import type { MethodRun } from "./method_run.ts";
import { type RelativeCosts, relativeCosts } from "./relative_costs.ts";
import { type PairTest, pairTests } from "./pair_tests.ts";
import { pairSentence } from "./pair_sentences.ts";

/** The look of a report. */
export interface MethodReportOptions {
  /** The heading. Left out: "Methods side by side", and the recipe. */
  readonly title?: string | undefined;
  /** The name of the contender against which the others are tested. Left out: SET-MLP with one member. */
  readonly reference?: string | undefined;
}

/** A contender at a density, with its results. */
interface Row {
  readonly density: number;
  readonly method: string;
  readonly family: string;
  readonly datasets: number;
  readonly runs: number;
  /** The mean over the data sets that every method has; `null` if there is none. */
  readonly accuracy: number | null;
  readonly logLoss: number | null;
  readonly meanRank: number | null;
  readonly test: PairTest | null;
  readonly lossTest: PairTest | null;
  /** Its costs / the reference's costs: geometric means over the data sets that both have. */
  readonly flops: number | null;
  readonly seconds: number | null;
  readonly memory: number | null;
  /** The machines of seconds and memory. */
  readonly machines: readonly string[];
  readonly weights: number;
  readonly explored: number | null;
  readonly nnstd: number | null;
}

/** The name of the usual reference. */
const REFERENCE = "SET-MLP";

/** The costs where there is no reference. */
const NO_COSTS: RelativeCosts = { flops: null, seconds: null, memory: null, machines: [] };

/**
 * The report of some runs. The same runs give the same report in any order.
 *
 * @throws {RangeError} If there is no run, the runs have several recipes, or no run is of the reference.
 */
export function methodReport(
  runs: readonly MethodRun[],
  { title, reference = REFERENCE }: MethodReportOptions = {},
): MethodReport {
  const refuse = (found: string, need: string) =>
    new RangeError(`Cannot put methods side by side: found ${found}, need ${need}`);
  if (runs.length === 0) throw refuse("no run", "one");
  const recipes = [...new Set(runs.map(({ recipe }) => recipe))].sort();
  if (recipes.length > 1) {
    throw refuse(`runs of the recipes ${recipes.join(" and ")}`, "one recipe");
  }
  const densities = totalDensities(runs).map((density) => atDensity(runs, density, reference));
  if (densities.every(({ hasReference }) => !hasReference)) {
    const names = new Set(densities.flatMap(({ rows }) => rows.map(({ method }) => method)));
    throw refuse(`no run of "${reference}"`, `one of ${[...names].join(", ") || "sparse methods"}`);
  }
  const rows = densities.flatMap(({ rows }) => rows);
  // An ensemble has to be better than independent networks.
  const ensembles = [...new Set(rows.map(({ method }) => method))]
    .filter((name) => name !== reference && name.startsWith(`${reference}, `));
  return {
    title: title ?? `Methods side by side, ${recipes[0]} recipe`,
    parts: [
      { kind: "text", text: methodIntroduction(runs, reference) },
      verdictTable(rows, reference),
      ...ensembles.flatMap((name) => otherReference(runs, name)),
      ...densities.flatMap((own) => densityParts(own, reference, machinesOf(runs))),
    ],
    rows: rows.map(plainRow),
  };
}

/** The report, with a plain row for every method at every density. */
export interface MethodReport extends MarkdownReport {
  /** The rows, in full precision. */
  readonly rows: readonly Readonly<Record<string, string | number | null>>[];
}

interface AtDensity {
  readonly density: number;
  readonly rows: readonly Row[];
  /** The summary over the splits that all contenders have. */
  readonly summary: ComparisonSummary;
  /** The seeds of these splits. */
  readonly seeds: number;
  readonly hasReference: boolean;
}

function atDensity(runs: readonly MethodRun[], density: number, name: string): AtDensity {
  const contenders = contendersAt(runs, density);
  const { summary, seeds } = summaryOf(contenders, sharedSplits(contenders));
  const reference = contenders.find((contender) => contender.name === name);
  const tests = reference && pairTests(contenders, reference, "accuracy");
  const lossTests = reference && pairTests(contenders, reference, "logLoss");
  const rows = summary.overall.map(({ name, meanScore, meanRank, meanLogLoss }): Row => {
    const own = contenders.find((contender) => contender.name === name)!;
    const some = summary.datasets.length > 0;
    return {
      density,
      method: name,
      family: own.family,
      datasets: new Set(own.runs.map(({ dataset }) => dataset)).size,
      runs: own.runs.length,
      accuracy: some ? meanScore : null,
      logLoss: some ? meanLogLoss : null,
      meanRank: some ? meanRank : null,
      test: tests?.get(name) ?? null,
      lossTest: lossTests?.get(name) ?? null,
      ...reference === undefined ? NO_COSTS : relativeCosts(own, reference),
      weights: mean(own.runs.map(({ weights }) => weights)),
      explored: meanOf(own.all.map(({ explored }) => explored)),
      nnstd: meanOf(own.all.map(({ nnstd }) => nnstd)),
    };
  });
  return { density, rows, summary, seeds, hasReference: reference !== undefined };
}

/**
 * Means and ranks over the splits that all contenders have. Means over different rows could not be
 * compared.
 */
function summaryOf(
  contenders: readonly MethodContender[],
  splits: ReadonlySet<string>,
): Pick<AtDensity, "summary" | "seeds"> {
  const isCompared = (run: MethodRun) => splits.size === 0 || splits.has(splitOf(run));
  const summary = summarizeComparison(
    contenders.flatMap(({ name, runs }) =>
      runs.filter(isCompared).map((run) => scoreOfRun(name, run))
    ),
  );
  if (splits.size === 0) return { summary: { ...summary, datasets: [], test: null }, seeds: 0 };
  const seeds = new Set(contenders[0].runs.filter(isCompared).map(({ seed }) => seed)).size;
  return { summary, seeds };
}

function meanOf(values: readonly (number | undefined)[]): number | null {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? null : mean(known);
}

/** A total density in percent, such as `"5 %"`. */
function percent(density: number): string {
  return `${Number((100 * density).toPrecision(4))} %`;
}

/** A name of files for a density, such as `"5"`. */
function fileName(density: number): string {
  return percent(density).replace(" %", "").replace(".", "-");
}

/** Every method against the reference, at all densities at once. */
function verdictTable(rows: readonly Row[], reference: string): ReportTable {
  const methods = [...new Set(rows.map(({ method }) => method))].sort()
    .filter((name) => name !== reference);
  const densities = [...new Set(rows.map(({ density }) => density))];
  const cell = (method: string, density: number): string => {
    const row = rows.find((row) => row.method === method && row.density === density);
    const test = row?.test;
    if (!test || test.difference === null) return NOT_RUN;
    const points = signed(100 * test.difference, 2);
    return test.verdict === "not shown" ? points : `**${points} ${test.verdict}**`;
  };
  return {
    kind: "table",
    name: "verdicts",
    title: `Points of accuracy to ${reference}, by total density`,
    columns: ["method", ...densities.map(percent)],
    rows: methods.map((method) => [
      method,
      ...densities.map((density) => cell(method, density)),
    ]),
    data: [],
  };
}

/** Every method against another reference, with sentences. */
function otherReference(runs: readonly MethodRun[], reference: string): ReportPart[] {
  const densities = totalDensities(runs).map((density) => atDensity(runs, density, reference));
  const sentences = densities.filter(({ hasReference }) => hasReference).map(
    ({ density, rows }) => {
      const pairs = rows.map(({ method, test }) => ({ method, test }));
      return `At ${percent(density)}: ${pairSentence("accuracy", reference, pairs)}`;
    },
  );
  return [
    verdictTable(densities.flatMap(({ rows }) => rows), reference),
    { kind: "text", text: sentences.join("\n\n") },
  ];
}

function densityParts(
  own: AtDensity,
  reference: string,
  machines: readonly string[],
): ReportPart[] {
  const { density, rows, summary } = own;
  const ranked = summary.datasets.length;
  const front = (costs: string, key: "flops" | "seconds") =>
    frontSentence(costs, rows.map((row) => ({ ...row, cost: row[key] }))) ?? [];
  const fronts = [front("FLOPs", "flops"), front("processor seconds", "seconds")].flat();
  return [
    scoreTable(own, reference),
    {
      kind: "text",
      text: [
        pairSentence("accuracy", reference, rows.map(({ method, test }) => ({ method, test }))),
        pairSentence(
          "log loss",
          reference,
          rows.map(({ method, lossTest: test }) => ({ method, test })),
        ),
        ranked === 0
          ? "No data set has runs of every method yet: there are no means and ranks."
          : `Means and ranks are over the ${plural(ranked, "data set")} and the ${
            plural(own.seeds, "seed")
          } that every method has here.`,
        ...summary.test === null ? [] : [
          `Friedman's test that all methods rank alike: p = ${pText(summary.test.pValue)}. Mean ` +
          `ranks further apart than ${summary.test.criticalDifference.toFixed(2)} differ ` +
          `(Nemenyi, α = 0.05).`,
        ],
      ].join(" "),
    },
    ...rankFigure(own),
    costTable(density, rows, reference, machines),
    ...fronts.length === 0 ? [] : [{ kind: "text", text: fronts.join(" ") } as const],
    ...costFigures(density, rows, reference),
  ];
}

function scoreTable({ density, rows }: AtDensity, reference: string): ReportTable {
  const interval = ({ low, high }: PairTest) =>
    textOr("", low, (low) => ` (${signed(100 * low, 2)} to ${signed(100 * high!, 2)})`);
  const columns: Column<Row, string>[] = [
    ["method", ({ method }) => method],
    ["sets", ({ datasets }) => `${datasets}`],
    ["runs", ({ runs }) => `${runs}`],
    ["mean accuracy %", ({ accuracy }) => percentOf(accuracy) ?? ""],
    ["mean log loss", ({ logLoss }) => textOr("", logLoss, (value) => value.toFixed(4))],
    ["mean rank", ({ meanRank }) => textOr("", meanRank, (value) => value.toFixed(2))],
    [
      `points to ${reference}`,
      ({ test }) =>
        textOr("", test?.difference, (value) => signed(100 * value, 2) + interval(test!)),
    ],
    ["p", ({ test }) => textOr("", test?.adjustedP, pText)],
    ["shown", ({ test }) => textOr("", test, ({ verdict }) => verdict)],
    [
      `log loss to ${reference}`,
      ({ lossTest }) => textOr("", lossTest?.difference, (value) => signed(value, 4)),
    ],
    ["p", ({ lossTest }) => textOr("", lossTest?.adjustedP, pText)],
    ["shown", ({ lossTest }) => textOr("", lossTest, ({ verdict }) => verdict)],
  ];
  return {
    kind: "table",
    name: `scores-${fileName(density)}`,
    title: `At ${percent(density)}`,
    ...tableOf(rows, columns),
    data: [],
  };
}

function costTable(
  density: number,
  rows: readonly Row[],
  reference: string,
  machines: readonly string[],
): ReportTable {
  const numbers = (row: Row) => row.machines.map((name) => machines.indexOf(name) + 1).join(", ");
  const machine: Column<Row, string>[] = machines.length === 1 ? [] : [["machine", numbers]];
  const times = (value: number | null) => textOr("", value, (value) => value.toFixed(2));
  return {
    kind: "table",
    name: `costs-${fileName(density)}`,
    title: `What methods cost at ${percent(density)}, as multiples of ${reference}`,
    ...tableOf<Row, string>(rows, [
      ["method", ({ method }) => method],
      ["family", ({ family }) => family],
      ["FLOPs", ({ flops }) => times(flops)],
      ["processor seconds", ({ seconds }) => times(seconds)],
      ["peak memory", ({ memory }) => times(memory)],
      ...machine,
      ["stored weights", ({ weights }) => `${Math.round(weights)}`],
      ["ITOP rate %", ({ explored }) => percentOf(explored) ?? ""],
      ["NNSTD", ({ nnstd }) => textOr("", nnstd, (value) => value.toFixed(3))],
    ]),
    data: [],
  };
}

function rankFigure({ density, summary: { overall, test, datasets } }: AtDensity): ReportFigure[] {
  if (test === null) return [];
  const title = `At ${percent(density)}. ${ranksTitle(datasets.length)}`;
  return [{
    kind: "figure",
    name: `critical-difference-${fileName(density)}`,
    caption: title,
    spec: criticalDifferenceFigure({
      methods: overall.map(({ name }) => name),
      meanRanks: overall.map(({ meanRank }) => meanRank),
      ...test,
    }, { title, width: 620 }),
  }];
}

function costFigures(density: number, rows: readonly Row[], reference: string): ReportFigure[] {
  const costs = [["FLOPs", "flops"], ["processor seconds", "seconds"]] as const;
  return costs.flatMap(([name, key]): ReportFigure[] => {
    const points = rows.flatMap(({ method, family, accuracy, [key]: cost }) =>
      accuracy === null || cost === null
        ? []
        : [{ name: method, series: family, cost, score: 100 * accuracy }]
    );
    if (points.length === 0) return [];
    // A family has the same colour at every density.
    points.sort((a, b) => a.series < b.series ? -1 : a.series > b.series ? 1 : 0);
    const title = `Accuracy against ${name} of training at ${percent(density)}`;
    return [{
      kind: "figure",
      name: `accuracy-${key}-${fileName(density)}`,
      caption: title,
      spec: costFigure(points, {
        title,
        costs: `${name}, times those of ${reference}`,
        namesApart: true,
      }),
    }];
  });
}

function plainRow(
  { test, lossTest, machines, ...row }: Row,
): Record<string, string | number | null> {
  return {
    ...row,
    machines: machines.join("; "),
    difference: test?.difference ?? null,
    p: test?.adjustedP ?? null,
    shown: test?.verdict ?? null,
    lossDifference: lossTest?.difference ?? null,
    lossP: lossTest?.adjustedP ?? null,
    lossShown: lossTest?.verdict ?? null,
  };
}
