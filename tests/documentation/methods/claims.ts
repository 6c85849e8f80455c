/**
 * What results/methods/README.md says of the methods side by side: its tables, and the sentences with
 * figures. Which method is shown to be better follows from the runs.
 *
 * @module
 */
import { runHash } from "../../../lib/experiments/run/mod.ts";
import {
  distinctRuns,
  methodReport,
  type MethodRun,
  readMethodRuns,
} from "../../../lib/experiments/side_by_side/mod.ts";
import {
  contendersAt,
  machineOf,
  machinesOf,
  totalDensities,
  totalDensity,
} from "../../../lib/experiments/side_by_side/contenders.ts";
import { pairSentence } from "../../../lib/experiments/side_by_side/pair_sentences.ts";
import type { PairTest } from "../../../lib/experiments/side_by_side/pair_tests.ts";
import { relativeCosts } from "../../../lib/experiments/side_by_side/relative_costs.ts";
import { costFront } from "../../../lib/experiments/side_by_side/cost_front.ts";
import { readStudy } from "../../../lib/experiments/sweep/mod.ts";
import { plural } from "../../../lib/messages.ts";
import { methodNamed } from "../../../lib/methods/mod.ts";
import { ROOT } from "../../tasks/run_task.ts";
import { mean } from "../../../lib/statistics/mod.ts";
import { extent, extentText, fixed, gain, type RecordOfAny } from "../records.ts";

const TIMED = readMethodRuns(`${ROOT}results/methods`);

/** The runs without repetitions on another machine. */
const RUNS = distinctRuns(TIMED);

/** The machine of the first runs, which do not name it, and another. */
const MACHINES = machinesOf(TIMED);

/** The networks of SET that others are tested against: one, and four with as many weights. */
const [SINGLE, FOUR] = ["SET-MLP", "SET-MLP, 4 members"];

/** The rows of the reports on some runs, by their reference. */
function rowsOf(runs: readonly MethodRun[]): ReadonlyMap<string, readonly RecordOfAny[]> {
  if (runs.length === 0) return new Map();
  const hasFour = runs.some(({ method, members }) => method === "set" && members > 1);
  const references = hasFour ? [SINGLE, FOUR] : [SINGLE];
  return new Map(
    references.map((reference) => [reference, methodReport(runs, { reference }).rows]),
  );
}

const ROWS = rowsOf(TIMED);

/** The runs with the paper's recipe. */
export const PAPER_RUNS = readMethodRuns(`${ROOT}results/methods/paper`);

/** Their plan. */
export const PAPER_CONFIGS = readStudy(`${ROOT}results/methods/paper/study.json`).configs;

const PAPER_ROWS = rowsOf(PAPER_RUNS);

/** The rows of the report at a total density, against a reference. */
function rowsAt(density: number, reference = SINGLE, rows = ROWS): RecordOfAny[] {
  return (rows.get(reference) ?? []).filter((row) => row.density === density);
}

/** A difference, and whether it is shown. */
function difference(value: number | null, shown: string | null, factor: number, digits: number) {
  if (value === null) return "";
  const text = gain(factor * value, digits);
  return shown === "not shown" ? text : `${text}, ${shown}`;
}

/** The seeds of a method's runs, which are on all data sets. */
function seedsOf({ runs, datasets }: RecordOfAny): number {
  return runs / datasets;
}

/** Every method at a total density, by mean accuracy, over the data sets and seeds that all have. */
export function methodTable(density: number, all = ROWS): string[][] {
  const ofFour = rowsAt(density, FOUR, all);
  const times = (value: number | null) => value === null ? "" : fixed(value, 2);
  const rows = rowsAt(density, SINGLE, all).toSorted((a, b) => b.accuracy - a.accuracy);
  const numbers = ({ machines }: RecordOfAny) =>
    machines.split("; ").map((name: string) => MACHINES.indexOf(name) + 1).join(", ");
  const hasFour = ofFour.length > 0;
  const hasSeveral = new Set(rows.map(({ machines }) => machines)).size > 1;
  const head = [
    ...["method", "accuracy, %", "to SET", ...hasFour ? ["to four SET"] : [], "log loss", "to SET"],
    ...["FLOPs", "seconds", "memory", ...hasSeveral ? ["machine"] : []],
    ...["ITOP, %", "NNSTD", "seeds"],
  ];
  return [
    head,
    ...rows.map((row) => {
      const four = ofFour.find(({ method }) => method === row.method);
      return [
        row.method,
        fixed(100 * row.accuracy, 2),
        difference(row.difference, row.shown, 100, 2),
        ...four === undefined ? [] : [difference(four.difference, four.shown, 100, 2)],
        fixed(row.logLoss, 4),
        difference(row.lossDifference, row.lossShown, 1, 4),
        ...[row.flops, row.seconds, row.memory].map(times),
        ...hasSeveral ? [numbers(row)] : [],
        row.explored === null ? "" : fixed(100 * row.explored, 0),
        row.nnstd === null ? "" : fixed(row.nnstd, 2),
        `${seedsOf(row)}`,
      ];
    }),
  ];
}

/** The names of the methods with a verdict, in the order of the table at this density. */
function named(density: number, reference: string, shown: string, verdict: string): string {
  const names = rowsAt(density, reference)
    .filter((row) => row[shown] === verdict)
    .map(({ method }) => method);
  return names.length === 0 ? "none" : names.join("; ");
}

/** Every density and measure: the methods that are shown to differ from one and from four networks. */
export function verdictTable(): string[][] {
  const head = [
    ...["density", "measure", "methods", "better than one SET", "worse than one SET"],
    ...["better than four SET", "worse than four SET"],
  ];
  const rows = DENSITIES.flatMap((density) =>
    [["accuracy", "shown"], ["log loss", "lossShown"]].map(([measure, shown]) => [
      `${100 * density} %`,
      measure,
      `${rowsAt(density).length - 1}`,
      ...[SINGLE, FOUR].flatMap((reference) =>
        ["better", "worse"].map((verdict) => named(density, reference, shown, verdict))
      ),
    ])
  );
  return [head, ...rows];
}

/** The best ensemble, four networks of SET and a fixed topology beside one network of SET, by density. */
export function densityTable(): string[][] {
  const head = [
    ...["density", "one SET, %", "best ensemble", "to SET", "four SET", "fixed topology"],
    ...["seeds"],
  ];
  const rows = DENSITIES.map((density) => {
    const own = rowsAt(density);
    const row = (title: string) => own.find(({ method }) => method === title)!;
    const [best] = own.filter(({ family, method }) =>
      method !== FOUR && (family === "ensembles" || method.endsWith("4 members"))
    ).toSorted((a, b) => b.accuracy - a.accuracy);
    const away = ({ difference }: RecordOfAny) => gain(100 * difference, 2);
    return [
      `${100 * density} %`,
      fixed(100 * row(SINGLE).accuracy, 2),
      ...[best.method, away(best), away(row(FOUR)), away(row(methodNamed("static").title))],
      extentText(extent(own.map(seedsOf)), 0),
    ];
  });
  return [head, ...rows];
}

/** The methods that no other beats at their cost, by density. */
export function frontTable(): string[][] {
  const rows = DENSITIES.map((density) => {
    const own = rowsAt(density) as { method: string; accuracy: number; [cost: string]: unknown }[];
    const fronts = ["flops", "seconds"].map((key) =>
      costFront(own.map((row) => ({ ...row, cost: row[key] as number }))).join("; ")
    );
    return [`${100 * density} %`, ...fronts];
  });
  return [["density", "by FLOPs", "by processor seconds"], ...rows];
}

/** How many rows of a table have how many seeds, the most first. */
function seedCounts(density: number): string {
  const rows = rowsAt(density);
  const groups = [...Map.groupBy(rows, seedsOf)].sort(([a], [b]) => b - a);
  const counts = groups.map(([seeds, { length }]) =>
    `${length === rows.length ? "all" : length} ${length === 1 ? "has" : "have"} ` +
    plural(seeds, "seed")
  );
  return `Of ${rows.length} rows at ${100 * density} % ${counts.join(" and ")}`;
}

/** How many times as many weights as SET's network others store on the same data. */
function storedWeights(density: number): string {
  const own = RUNS.filter((run) => totalDensity(run) === density && run.seed === 1);
  const set = new Map(
    own.filter(({ method, members }) => method === "set" && members === 1)
      .map(({ dataset, weights }) => [dataset, weights]),
  );
  const ratios = (wanted: (run: RecordOfAny) => boolean) =>
    extent(own.filter(wanted).map(({ dataset, weights }) => weights / set.get(dataset)!));
  const single = ratios(({ method, members }) => members === 1 && method !== "importance");
  return `single networks store ${
    extentText(single, 2)
  } times as many weights as SET's, ensembles ` +
    `${extentText(ratios(({ members }) => members > 1), 2)} times`;
}

/** The least and the largest of what is measured, such as ITOP rates, with the methods that have them. */
function spreadOf(density: number, key: "explored" | "nnstd", factor: number, digits: number) {
  // Methods from dense to sparse have connected every position.
  const known = rowsAt(density).filter((row) =>
    row[key] !== null && row.family !== "dense to sparse"
  );
  const sorted = known.toSorted((a, b) => a[key] - b[key]);
  const [least, most] = [sorted[0], sorted.at(-1)!];
  return `from ${fixed(factor * least[key], digits)} (${least.method}) to ` +
    `${fixed(factor * most[key], digits)} (${most.method})`;
}

/** The total densities of the runs, the densest first. */
export const DENSITIES = totalDensities(RUNS);

/** How many times as many processor seconds a run took with another seed than with the first one. */
function secondsOfSeed(seed: number): string {
  const keyOf = (run: RecordOfAny) =>
    [run.method, run.members, run.density, run.measured, run.dataset].join();
  const runs = TIMED.filter((run) => machineOf(run) === MACHINES[0]);
  const first = new Map(
    runs.filter(({ seed }) => seed === 1).map((run) => [keyOf(run), run.cpuSeconds]),
  );
  const ratios = runs.filter((run) => run.seed === seed && first.has(keyOf(run)))
    .map((run) => Math.log(run.cpuSeconds / first.get(keyOf(run))!));
  return `${fixed(Math.exp(mean(ratios)), 2)} times as many with seed ${seed}`;
}

/** The plan: runs that are made, and others. */
export const CONFIGS = readStudy(`${ROOT}results/methods/study.json`).configs;

/** The rows of tables that the plan has and the runs have not, by total density and seed. */
function missingRows(): string {
  const made = new Set(RUNS.map(({ hash }) => hash));
  const places = CONFIGS.filter((config) => !made.has(runHash(config))).map((config) => {
    const { method, members, density, seed } = config;
    // A dense network is planned with the first table, and stands in all.
    const total = density === null ? DENSITIES[0] : Number((density * members).toPrecision(6));
    return { row: `${method} ${members}`, total, seed };
  });
  const groups = Map.groupBy(places, ({ total, seed }) => `at ${100 * total} % with seed ${seed}`);
  return [...groups].map(([place, own]) => `${new Set(own.map(({ row }) => row)).size} ${place}`)
    .join(", ");
}

/** Of the machine of the later runs: what was run there, and what four networks of SET cost on both. */
function machineSentences(): Record<string, string> {
  const later = RUNS.filter((run) => machineOf(run) !== MACHINES[0]);
  const [density, ...others] = totalDensities(later);
  if (density === undefined || others.length > 0) throw new Error("Need later runs of one density");
  const contenders = new Set(later.map(({ method, members }) => `${method} ${members}`));
  const seeds = [...new Set(later.map(({ seed }) => seed))].sort();
  const firstOf = new Map(RUNS.map((run) => [run.hash, run]));
  const repeated = TIMED.filter((run) => firstOf.get(run.hash) !== run);
  const points = repeated.map((run) => 100 * (run.accuracy - firstOf.get(run.hash)!.accuracy));
  const [first, second] = MACHINES.map((machine) => {
    const here = contendersAt(TIMED.filter((run) => machineOf(run) === machine), density);
    const [one, four] = [SINGLE, FOUR].map((title) => here.find(({ name }) => name === title)!);
    return fixed(relativeCosts(four, one).seconds!, 2);
  });
  return {
    later:
      `The ${later.length} runs with seeds ${seeds.join(" and ")} of ${contenders.size} methods ` +
      `at ${100 * density} % were made on a second machine`,
    repeated: `${repeated.length} runs of SET were repeated there`,
    elsewhere:
      `differ from what they were by ${fixed(mean(points.map(Math.abs)), 2)} points each, ` +
      `and by ${gain(mean(points), 2)} points in their mean`,
    bridge:
      `Four networks of SET took ${first} times the seconds of one on the first machine and ${second} times on the second`,
  };
}

/** The parts of sentences with figures, by what they are about. */
export function methodSentences(): Record<string, string> {
  const methods = new Set(RUNS.map(({ method }) => method));
  const sets = new Set(RUNS.map(({ dataset }) => dataset));
  const sentences: Record<string, string> = {
    runs:
      `${RUNS.length.toLocaleString("en-GB")} runs of ${methods.size} methods on ${sets.size} ` +
      "data sets",
    plan: `${RUNS.length.toLocaleString("en-GB")} of its ` +
      `${CONFIGS.length.toLocaleString("en-GB")} runs are made`,
    busier: `the same run took ${
      [...new Set(RUNS.map(({ seed }) => seed))].filter((seed) => seed > 1).sort()
        .map(secondsOfSeed).join(" and ")
    }`,
    explored: `At 5 % the ITOP rate in percent goes ${spreadOf(0.05, "explored", 100, 0)}`,
    nnstd: `NNSTD ${spreadOf(0.05, "nnstd", 1, 2)}`,
  };
  if (MACHINES.length > 1) Object.assign(sentences, machineSentences());
  const missing = missingRows();
  if (missing !== "") sentences.missing = `rows of a table that are missing: ${missing}`;
  for (const density of DENSITIES) {
    const name = `${100 * density}`;
    Object.assign(sentences, {
      [`seeds ${name}`]: seedCounts(density),
      [`weights ${name}`]: `at ${name} % ${storedWeights(density)}`,
    });
  }
  return sentences;
}

/** Every method with the paper's recipe. */
export function paperTable(): string[][] {
  return methodTable(totalDensities(PAPER_RUNS)[0], PAPER_ROWS);
}

/** The parts of sentences on the runs with the paper's recipe. */
export function paperSentences(): Record<string, string> {
  const rows = rowsAt(totalDensities(PAPER_RUNS)[0], SINGLE, PAPER_ROWS);
  const others = rows.filter(({ method }) => method !== SINGLE);
  const methods = new Set(PAPER_RUNS.map(({ method }) => method)).size;
  const sets = new Set(PAPER_RUNS.map(({ dataset }) => dataset)).size;
  const fixedTopology = others.find(({ method }) => method === methodNamed("static").title)!;
  const said = (measure: "accuracy" | "log loss", p: string, shown: string) =>
    pairSentence(
      measure,
      SINGLE,
      others.map((row) => {
        const test = { adjustedP: row[p], verdict: row[shown] };
        return { method: row.method, test: test as PairTest };
      }),
    );
  return {
    runs:
      `${PAPER_RUNS.length} runs of ${methods} methods with the paper's recipe on ${sets} tables`,
    plan: `${PAPER_RUNS.length} of its ${PAPER_CONFIGS.length} runs are made`,
    least: `Over ${sets} tables and with ${plural(others.length, "comparison")} p is ` +
      `${fixed(Math.min(1, others.length * 2 / 2 ** sets), 3)} at the least`,
    fixed: `p = ${fixed(fixedTopology.lossP, 3)} for the fixed topology in log loss`,
    accuracy: said("accuracy", "p", "shown"),
    loss: said("log loss", "lossP", "lossShown"),
  };
}
