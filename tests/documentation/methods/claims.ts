/**
 * What results/methods/README.md says of the methods side by side: its tables, and the sentences with
 * figures. Which method is shown to be better follows from the runs.
 *
 * @module
 */
import { runHash } from "../../../lib/experiments/run/mod.ts";
import { methodReport, readMethodRuns } from "../../../lib/experiments/side_by_side/mod.ts";
import { totalDensities, totalDensity } from "../../../lib/experiments/side_by_side/contenders.ts";
import { frontSentence } from "../../../lib/experiments/side_by_side/cost_front.ts";
import { pairSentence } from "../../../lib/experiments/side_by_side/pair_sentences.ts";
import { readStudy } from "../../../lib/experiments/sweep/mod.ts";
import { plural } from "../../../lib/messages.ts";
import { methodNamed } from "../../../lib/methods/mod.ts";
import { ROOT } from "../../tasks/run_task.ts";
import { mean } from "../../../lib/statistics/mod.ts";
import { extent, extentText, fixed, gain, type RecordOfAny } from "../records.ts";

const RUNS = readMethodRuns(`${ROOT}results/methods`);

/** The networks of SET that others are tested against: one, and four with as many weights. */
const [SINGLE, FOUR] = ["SET-MLP", "SET-MLP, 4 members"];

/** The rows of the reports, by their reference. */
const ROWS = new Map(
  [SINGLE, FOUR].map((reference) => [reference, methodReport(RUNS, { reference }).rows]),
);

/** The rows of the report at a total density, against a reference. */
function rowsAt(density: number, reference = SINGLE): RecordOfAny[] {
  return ROWS.get(reference)!.filter((row) => row.density === density);
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
export function methodTable(density: number): string[][] {
  const ofFour = rowsAt(density, FOUR);
  const times = (value: number | null) => value === null ? "" : fixed(value, 2);
  const rows = rowsAt(density).toSorted((a, b) => b.accuracy - a.accuracy);
  const head = [
    ...["method", "accuracy, %", "to SET", "to four SET", "log loss", "to SET"],
    ...["FLOPs", "seconds", "memory", "ITOP, %", "NNSTD", "seeds"],
  ];
  return [
    head,
    ...rows.map((row) => {
      const four = ofFour.find(({ method }) => method === row.method)!;
      return [
        row.method,
        fixed(100 * row.accuracy, 2),
        difference(row.difference, row.shown, 100, 2),
        difference(four.difference, four.shown, 100, 2),
        fixed(row.logLoss, 4),
        difference(row.lossDifference, row.lossShown, 1, 4),
        ...[row.flops, row.seconds, row.memory].map(times),
        row.explored === null ? "" : fixed(100 * row.explored, 0),
        row.nnstd === null ? "" : fixed(row.nnstd, 2),
        `${seedsOf(row)}`,
      ];
    }),
  ];
}

/** What is shown against a reference, by rule. */
function verdicts(density: number, reference: string): string[] {
  const rows = rowsAt(density, reference);
  const tests = (difference: string, p: string, shown: string) =>
    rows.map(({ method, ...row }) => ({
      method,
      test: row[p] === null
        ? null
        : { difference: row[difference], adjustedP: row[p], verdict: row[shown] },
    }));
  return [
    pairSentence("accuracy", reference, tests("difference", "p", "shown") as RecordOfAny),
    pairSentence(
      "log loss",
      reference,
      tests("lossDifference", "lossP", "lossShown") as RecordOfAny,
    ),
  ];
}

/** How many methods differ, and how far the best ensemble and a fixed topology are from SET. */
function summary(density: number): string {
  const rows = rowsAt(density).filter(({ method }) => method !== SINGLE);
  const differ = rows.filter(({ shown }) => shown !== "not shown").length;
  const away = ({ difference }: RecordOfAny) =>
    `${fixed(Math.abs(100 * difference), 2)} points ${difference < 0 ? "behind" : "ahead of"} it`;
  const [best] = rows.filter(({ family, method }) =>
    family === "ensembles" || method.endsWith("4 members")
  ).toSorted((a, b) => b.accuracy - a.accuracy);
  const fixedOne = rows.find(({ method }) => method === methodNamed("static").title)!;
  return `At ${
    100 * density
  } % ${differ} of ${rows.length} methods are shown to differ from one network ` +
    `of SET in accuracy. The ensemble with the highest mean, ${best.method}, is ${
      away(best)
    }; one ` +
    `network whose topology never changes is ${away(fixedOne)}.`;
}

/** The methods that no other beats at their cost. */
function fronts(density: number): string[] {
  const rows = rowsAt(density) as { method: string; accuracy: number; [cost: string]: unknown }[];
  return [["FLOPs", "flops"], ["processor seconds", "seconds"]].map(([name, key]) =>
    frontSentence(name, rows.map((row) => ({ ...row, cost: row[key] as number })))!
  );
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
  const first = new Map(
    RUNS.filter(({ seed }) => seed === 1).map((run) => [keyOf(run), run.cpuSeconds]),
  );
  const ratios = RUNS.filter((run) => run.seed === seed && first.has(keyOf(run)))
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
    missing: `rows of a table that are missing: ${missingRows()}`,
    explored: `At 5 % the ITOP rate in percent goes ${spreadOf(0.05, "explored", 100, 0)}`,
    nnstd: `NNSTD ${spreadOf(0.05, "nnstd", 1, 2)}`,
  };
  for (const density of DENSITIES) {
    const name = `${100 * density}`;
    const [accuracy, loss] = verdicts(density, SINGLE);
    const [accuracyOfFour, lossOfFour] = verdicts(density, FOUR);
    const [flops, seconds] = fronts(density);
    Object.assign(sentences, {
      [`summary ${name}`]: summary(density),
      [`accuracy ${name}`]: accuracy,
      [`loss ${name}`]: loss,
      [`four accuracy ${name}`]: accuracyOfFour,
      [`four loss ${name}`]: lossOfFour,
      [`flops ${name}`]: flops,
      [`seconds ${name}`]: seconds,
      [`seeds ${name}`]: seedCounts(density),
      [`weights ${name}`]: `at ${name} % ${storedWeights(density)}`,
    });
  }
  return sentences;
}
