import assert from "node:assert/strict";
import type { MethodRun } from "../../../lib/experiments/side_by_side/method_run.ts";
import { methodReport } from "../../../lib/experiments/side_by_side/method_report.ts";
import { reportMarkdown, type ReportTable } from "../../../lib/reports/markdown.ts";

let number = 0;

/** A run that says what it is told to. */
function run(own: Partial<MethodRun>): MethodRun {
  return {
    hash: `${number++}`.padStart(16, "0"),
    dataset: "a",
    recipe: "modern",
    method: "set",
    members: 1,
    density: 0.05,
    settings: "00000000",
    seed: 1,
    accuracy: 0.7,
    logLoss: 0.5,
    testRows: 100,
    flops: 1000,
    cpuSeconds: 2,
    peakMemoryBytes: 1e8,
    weights: 5000,
    measured: false,
    rollbacks: 0,
    kernels: "wasm",
    ...own,
  };
}

/** Nine data sets. RigL is a point better on all and costs twice as much, static a point worse on all. */
const nine = Array.from(
  { length: 9 },
  (_, d) =>
    ([["set", 0], ["rigl", 0.01], ["static", -0.01]] as const).flatMap(([method, gain]) =>
      [1, 2].map((seed) =>
        run({
          dataset: `d${d}`,
          method,
          seed,
          accuracy: 0.7 + d / 100 + gain + (seed === 1 ? 0.02 : -0.02),
          logLoss: 0.5 - (method === "rigl" ? 0.1 : 0),
          flops: method === "rigl" ? 2000 : 1000,
        })
      )
    ),
).flat();

function table(name: string, runs: readonly MethodRun[]): ReportTable {
  const { parts } = methodReport(runs);
  return parts.find((part) => part.kind === "table" && part.name === name) as ReportTable;
}

Deno.test("methods stand by mean rank, with their tested difference to SET", () => {
  // Of 9 pairs that all differ to one side, 2 of 2⁹ assignments of signs are as extreme: 0.0039,
  // doubled by Holm for two comparisons.
  assert.deepEqual(table("scores-5", nine).rows, [
    [
      ...[
        "RigL",
        "9",
        "18",
        "75.00",
        "0.4000",
        "1.00",
        "+1.00 (+1.00 to +1.00)",
        "0.008",
        "better",
      ],
      ...["−0.1000", "0.008", "better"],
    ],
    ["SET-MLP", "9", "18", "74.00", "0.5000", "2.00", "", "", "", "", "", ""],
    [
      "Single static sparse model",
      ...["9", "18", "73.00", "0.5000", "3.00", "−1.00 (−1.00 to −1.00)", "0.008", "worse"],
      ...["±0.0000", "1.000", "not shown"],
    ],
  ]);
  assert.deepEqual(table("verdicts", nine).rows, [
    ["RigL", "**+1.00 better**"],
    ["Single static sparse model", "**−1.00 worse**"],
  ]);
});

Deno.test("sentences say what is shown and what is not", () => {
  const text = reportMarkdown(methodReport(nine));
  assert.match(text, /^# Methods side by side, modern recipe\n/);
  for (
    const sentences of [
      "Shown to be better than SET-MLP in accuracy: RigL. Shown to be worse than SET-MLP in accuracy: " +
      "Single static sparse model. Shown to be better than SET-MLP in log loss: RigL.",
      "No method is shown to be worse than SET-MLP in log loss. For 1 method no difference is shown.",
    ]
  ) assert.ok(text.includes(sentences), sentences);
  // Three data sets cannot show anything: 2 of 2³.
  const three = nine.filter(({ dataset }) => ["d0", "d1", "d2"].includes(dataset));
  assert.ok(
    reportMarkdown(methodReport(three)).includes(
      "No method is shown to be better than SET-MLP in accuracy. No method is shown to be worse than " +
        "SET-MLP in accuracy. For 2 methods no difference is shown.",
    ),
  );
});

Deno.test("sentences name the methods that are not beaten at their cost", () => {
  // SET has as many operations as static and is better on all sets; RigL is better than SET for twice.
  assert.ok(
    reportMarkdown(methodReport(nine)).includes(
      "No other method has a higher mean accuracy for as many FLOPs or fewer than, from the cheapest on: " +
        "SET-MLP; RigL. No other method has a higher mean accuracy for as many processor seconds or " +
        "fewer than, from the cheapest on: RigL.",
    ),
  );
});

Deno.test("a density is that of all members together, and dense networks stand beside every density", () => {
  const runs = ["a", "b"].flatMap((dataset) => [
    run({ dataset }),
    run({ dataset, density: 0.01 }),
    run({ dataset, members: 4, density: 0.0125, accuracy: 0.8 }),
    run({ dataset, members: 4, density: 0.0125, accuracy: 0.75, method: "bagging" }),
    run({ dataset, density: null, method: "dense" }),
  ]);
  const names = (name: string) => table(name, runs).rows.map(([method]) => method).sort();
  assert.deepEqual(names("scores-5"), [
    "Bagging",
    "SET-MLP",
    "SET-MLP, 4 members",
    "Single dense model",
  ]);
  assert.deepEqual(names("scores-1"), ["SET-MLP", "Single dense model"]);
  const { parts } = methodReport(runs);
  const verdicts = parts.filter((part) => part.kind === "table" && part.name === "verdicts");
  assert.deepEqual(
    verdicts.map((part) => (part as ReportTable).title),
    ["SET-MLP", "SET-MLP, 4 members"].map((name) =>
      `Points of accuracy to ${name}, by total density`
    ),
  );
  assert.deepEqual((verdicts[1] as ReportTable).rows.find(([name]) => name === "Bagging"), [
    ...["Bagging", "−5.00", "not run"],
  ]);
});

Deno.test("costs are multiples of the reference's, by runs that do not measure", () => {
  const runs = ["a", "b"].flatMap((dataset) => [
    run({ dataset }),
    run({ dataset, method: "rigl", flops: dataset === "a" ? 4000 : 1000, cpuSeconds: 4, seed: 1 }),
    run({
      ...{
        dataset,
        method: "rigl",
        flops: dataset === "a" ? 4000 : 1000,
        cpuSeconds: 100,
        seed: 2,
      },
      ...{ measured: true, explored: 0.25, nnstd: 0.5 },
    }),
  ]);
  // √(4 · 1) = 2.
  assert.deepEqual(table("costs-5", runs).rows.find(([name]) => name === "RigL"), [
    ...["RigL", "sparse to sparse", "2.00", "2.00", "1.00", "5000", "25.00", "0.500"],
  ]);
});

Deno.test("seconds and memory are compared within a machine only", () => {
  // The second machine is ten times as fast. RigL takes twice as long as SET on both.
  const on = (machine: string | undefined, own: Partial<MethodRun>) => {
    const fast = machine === undefined ? 1 : 0.1;
    const twice = own.method === "rigl" ? 2 : 1;
    const costs = { cpuSeconds: 40 * fast * twice, peakMemoryBytes: 1e8 * fast * twice };
    return run({ ...costs, ...own, ...machine !== undefined && { machine } });
  };
  const both = ["a", "b"].flatMap((dataset) => [
    ...[1, 2, 3].map((seed) => on(undefined, { dataset, seed })),
    on(undefined, { dataset, method: "rigl" }),
    ...[2, 3].map((seed) => on("new", { dataset, method: "rigl", seed })),
  ]);
  const rowsOf = (runs: readonly MethodRun[]) =>
    Object.fromEntries(methodReport(runs).rows.map((row) => [row.method, row]));
  const rigl = rowsOf(both).RigL;
  assert.deepEqual([rigl.seconds, rigl.memory, rigl.machines], [2, 2, ""]);
  // SET repeated there gives the seconds of two seeds, and no further run.
  const set = both.filter(({ method, seed }) => method === "set" && seed > 1);
  const repeated = set.map(({ hash, dataset, seed }) => on("new", { hash, dataset, seed }));
  const again = rowsOf([...both, ...repeated]);
  assert.deepEqual([again.RigL.seconds, again.RigL.memory, again.RigL.machines], [2, 2, "new"]);
  assert.deepEqual(
    ["runs", "accuracy", "difference", "flops"].map((key) => again["SET-MLP"][key]),
    ["runs", "accuracy", "difference", "flops"].map((key) => rowsOf(both)["SET-MLP"][key]),
  );
  // Where no machine has both, there are no seconds; operations are the same on all machines.
  const apart = rowsOf(both.filter(({ method, seed }) => method === "set" || seed > 1)).RigL;
  assert.deepEqual([apart.seconds, apart.memory, apart.flops], [null, null, 1]);
  // Data sets may have been run on different machines.
  const parted = [undefined, "new"].flatMap((machine, d) =>
    ["set", "rigl"].map((method) =>
      on(machine, { dataset: `d${d}`, method: method as MethodRun["method"] })
    )
  );
  assert.deepEqual(rowsOf(parted).RigL.seconds, 2);
  assert.equal(rowsOf(parted).RigL.machines, "; new");
  const machines = (runs: readonly MethodRun[]) => {
    const { columns, rows } = table("costs-5", runs);
    return rows.map((cells) => [cells[0], cells[columns.indexOf("machine")]]);
  };
  assert.deepEqual(machines([...both, ...repeated]), [["SET-MLP", "1"], ["RigL", "2"]]);
  assert.deepEqual(table("costs-5", nine).columns.indexOf("machine"), -1);
  const text = reportMarkdown(methodReport([...both, ...repeated]));
  assert.ok(text.startsWith("# Methods side by side, modern recipe\n\n12 runs of 2 methods"));
  assert.ok(
    text.includes("machine 1 (not named by its runs) with 8 runs; machine 2 (new) with 8 runs."),
  );
});

Deno.test("a pair is tested on the data sets and seeds that both have", () => {
  const runs = [
    run({ dataset: "a", seed: 1, accuracy: 0.5 }),
    run({ dataset: "a", seed: 2, accuracy: 0.9 }),
    run({ dataset: "b", seed: 1, accuracy: 0.5 }),
    run({ dataset: "c", seed: 1, accuracy: 0.1 }),
    run({ dataset: "a", seed: 1, accuracy: 0.6, method: "rigl" }),
    run({ dataset: "b", seed: 1, accuracy: 0.6, method: "rigl" }),
  ];
  const [rigl] = methodReport(runs).rows.filter(({ method }) => method === "RigL");
  assert.equal((rigl.difference as number).toFixed(6), "0.100000");
});

Deno.test("means and ranks are over the splits that every method has, differences over those of the two", () => {
  // Seed 2 is an easier split, and static has no run of it. On seed 1, static is the better one.
  const runs = ["a", "b", "c"].flatMap((dataset) => [
    run({ dataset, accuracy: 0.5, cpuSeconds: 2 }),
    run({ dataset, accuracy: 0.9, cpuSeconds: 8, seed: 2 }),
    run({ dataset, accuracy: 0.6, cpuSeconds: 4, method: "rigl" }),
    run({ dataset, accuracy: 0.96, cpuSeconds: 4, method: "rigl", seed: 2 }),
    run({ dataset, accuracy: 0.7, cpuSeconds: 1, method: "static" }),
  ]);
  const rows = new Map(methodReport(runs).rows.map((row) => [row.method, row]));
  const of = (method: string, key: string) => Number(rows.get(method)![key]).toFixed(4);
  const names = ["SET-MLP", "RigL", "Single static sparse model"];
  assert.deepEqual(names.map((name) => of(name, "accuracy")), ["0.5000", "0.6000", "0.7000"]);
  assert.deepEqual(names.map((name) => of(name, "meanRank")), ["3.0000", "2.0000", "1.0000"]);
  assert.deepEqual(names.slice(1).map((name) => of(name, "difference")), ["0.0800", "0.2000"]);
  // Medians of seeds 1 and 2 by those of SET, 4 / 5; of seed 1 alone, 1 / 2.
  assert.deepEqual(names.slice(1).map((name) => of(name, "seconds")), ["0.8000", "0.5000"]);
  const text = reportMarkdown(methodReport(runs));
  assert.ok(text.includes("over the 3 data sets and the 1 seed that every method has here"));
  // Where no split is in all, there is no mean; differences stay.
  const apart = runs.filter(({ method, seed }) => method !== "rigl" || seed === 2);
  const [rigl] = methodReport(apart).rows.filter(({ method }) => method === "RigL");
  assert.deepEqual([rigl.accuracy, rigl.meanRank], [null, null]);
  assert.equal((rigl.difference as number).toFixed(4), "0.0600");
});

Deno.test("other settings are another contender, a repetition is not", () => {
  const runs = [run({}), run({ settings: "11111111" }), run({ measured: true })];
  const rows = methodReport([...runs, run({ method: "rigl" })], {
    reference: "RigL",
  }).rows;
  assert.deepEqual(rows.map(({ method, runs }) => [method, runs]), [
    ["SET-MLP (settings 00000000)", 1],
    ["SET-MLP (settings 11111111)", 1],
    ["RigL", 1],
  ]);
});

Deno.test("the order of the runs changes nothing", () => {
  const ends = [nine, [...nine].reverse()].map((runs) => reportMarkdown(methodReport(runs)));
  assert.equal(ends[1], ends[0]);
});

Deno.test("no runs, runs of two recipes, and an unknown reference are refused", () => {
  assert.throws(() => methodReport([]), /^RangeError: .*found no run, need one$/);
  assert.throws(
    () => methodReport([run({}), run({ recipe: "paper" })]),
    /^RangeError: .*found runs of the recipes modern and paper, need one recipe$/,
  );
  assert.throws(
    () => methodReport([run({})], { reference: "SET" }),
    /^RangeError: .*found no run of "SET", need one of SET-MLP$/,
  );
});

Deno.test("a run loses nothing to a method that is not run everywhere yet", () => {
  const some = [...nine, run({ dataset: "elsewhere", method: "mest" })];
  const text = reportMarkdown(methodReport(some));
  assert.ok(text.includes("No data set has runs of every method yet"));
  assert.deepEqual(table("verdicts", some).rows.map((row) => row[1]), [
    ...["not run", "**+1.00 better**", "**−1.00 worse**"],
  ]);
});
