/**
 * Every sentence with a figure in README.md and results/README.md, as far as its figures reach, with the
 * figures taken from the records.
 *
 * @module
 */
import assert from "node:assert/strict";
import { mean, median, tInterval, wilcoxon } from "../../lib/statistics/mod.ts";
import { comparison, evidence, fixed, record, type RecordOfAny, records } from "./records.ts";

/** An interval as pages write it. */
const range = (low: number, high: number, digits = 1) =>
  `${fixed(low, digits)} to ${fixed(high, digits)}`;

/** The smallest and the largest of some numbers. */
const extent = (values: readonly number[]) => [Math.min(...values), Math.max(...values)];

/** What README.md and results/README.md say of the comparison with trees. */
export function comparisonClaims(): { readme: string[]; results: string[] } {
  const { perDataset, datasets, test } = comparison("comparison");
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
  assert.deepEqual([count(0), count(-1)], [1, 3]);
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
  const density = Math.max(...of("modern").map(({ medians }) => medians.density!));
  const own = datasets.map((dataset) => ownDensity(dataset)).sort((a, b) => a - b);
  assert.equal(own.at(-1), ownDensity("bioresponse"));
  const ofColumns = range(100 * own[0], 100 * own[own.length - 2]);
  const most = (100 * own[own.length - 1]).toFixed(1);
  const trees = [Math.min(boosting[0], forests[0]), Math.max(boosting[1], forests[1])];
  const differences = datasets.map((dataset) =>
    accuracy("modern", dataset) - accuracy("Hist", dataset)
  );
  const { pValue } = wilcoxon(differences, differences.map(() => 0), { alternative: "greater" });
  return {
    readme: [
      `on ${datasets.length} data sets of the paper`,
      `at most ${(100 * density).toFixed(1)} % of the weights`,
      `sines included: ${ofColumns} %`,
      `(Bioresponse: ${most} %)`,
      `in ${trees[0].toFixed(1)} to ${trees[1].toFixed(0)} seconds, against ` +
      `${modern[0].toFixed(0)} to ${modern[1].toFixed(0)}`,
    ],
    results: [
      `Over the ${datasets.length} data sets:`,
      `a member has ${ofColumns} % of the weights, on Bioresponse ${most} %`,
      `more accurate than all trees on ${count(1)} sets`,
      `p = ${pValue.toFixed(3)}. Nemenyi's`,
      `critical difference of ${test!.criticalDifference.toFixed(2)} ranks`,
      `boosting takes ${range(boosting[0], boosting[1])} seconds`,
      `the forests take ${forests[0].toFixed(1)} to ${forests[1].toFixed(0)},`,
      `takes ${modern[0].toFixed(0)} to ${modern[1].toFixed(0)}.`,
      // Ablation and calibration are on the same data sets.
      `on the same ${comparison("ablation").datasets.length} data sets`,
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

/** What is said of calibration. */
export function calibrationClaims(): string[] {
  const { perDataset, datasets } = comparison("calibration");
  const loss = (name: string, dataset: string) =>
    perDataset.find((score) => score.name === name && score.dataset === dataset)!.logLoss!;
  const less = (better: string, worse: string) =>
    datasets.filter((dataset) => loss(better, dataset) < loss(worse, dataset)).length;
  const extra = "ExtraTrees (300)";
  const others = datasets.filter((dataset) => dataset !== "diabetes130us");
  return [
    `Mean log loss over the ${datasets.length} data sets`,
    `on all ${less("Sparsemble, modern", "Modern, not calibrated")} data sets`,
    `on ${less("HistGradientBoosting", "Sparsemble, modern")} of them`,
    `where it is ${loss(extra, "diabetes130us").toFixed(2)}; without that set it is ` +
    mean(others.map((dataset) => loss(extra, dataset))).toFixed(3),
  ];
}

/** Accuracies in percent, in the order of the seeds. */
function accuracies(runs: RecordOfAny[], wanted: Record<string, unknown>): number[] {
  return runs.filter(({ config }) =>
    Object.entries(wanted).every(([key, value]) => config[key] === value)
  ).sort((a, b) => a.config.seed - b.config.seed).map(({ record }) => 100 * record.accuracy);
}

/** The mean difference of each seed over some pairs of settings, as an interval over the seeds. */
function bySeed(
  pairs: readonly (readonly [ours: readonly number[], others: readonly number[]])[],
): { estimate: number; low: number; high: number } {
  const seeds = pairs[0][0].map((_, s) => mean(pairs.map(([a, b]) => a[s] - b[s])));
  return tInterval(seeds);
}

/** What is said of Table 1 on Gesture Phase with native kernels. */
export function tableOneClaims(): string[] {
  const report = "table1/gesture-phase/table1.json";
  const runs = records("table1/gesture-phase/runs.jsonl");
  const plain = records("table3/gesture-phase/runs.jsonl");
  const rows = record(report).tables.table1;
  const row = (method: string, learningRate: number | null, epsilon: number | null = 20) =>
    rows.find((row: RecordOfAny) =>
      row.method === method && row.learningRate === learningRate && row.epsilon === epsilon
    );
  const pooled = (name: string) => {
    const [difference, , low, high] = evidence(
      report,
      `${name} is more accurate than EDST_RG, all ε together`,
    );
    return { difference: fixed(difference, 1), interval: range(low, high) };
  };
  const [rd, fd, dist] = ["RD-TSE", "FD-TSE", "Dist-TSE (λ = 1.5)"].map(pooled);
  const overSeeds = (method: string) => {
    const { low, high } = bySeed([10, 20, 30].map((epsilon) => [
      accuracies(runs, { method, epsilon }),
      accuracies(runs, { method: "edst", epsilon }),
    ]));
    return range(low, high);
  };
  const sameSchedule = (method: string) => {
    const { estimate, low, high } = bySeed([[
      accuracies(plain, { method, epsilon: 20, refinement: "plain" }),
      accuracies(runs, { method: "edst", epsilon: 20, refinement: "plain" }),
    ]]);
    return `${fixed(estimate, 1)} points (${range(low, high)})`;
  };
  const shortly = (method: string) => sameSchedule(method).replace(" points", "");
  const set = row("set", 0.01).accuracy;
  const ahead = ["rd", "fd", "dist", "edst"].map((method) => row(method, null).accuracy - set);
  assert.deepEqual(new Set(ahead.map((points) => points.toFixed(0))), new Set(["11", "12"]));
  const dense = rows.filter(({ method }: RecordOfAny) => method.startsWith("dense"));
  const points = new Set(
    ["rd", "fd", "dist"].flatMap((method) =>
      dense.map(({ accuracy }: RecordOfAny) => (row(method, null).accuracy - accuracy).toFixed(0))
    ),
  );
  assert.equal(points.size, 1);
  const minutes = (wanted: (method: string) => boolean) =>
    runs.filter(({ config }) => wanted(config.method))
      .map(({ record }) => record.seconds.cpu / 60)
      .reduce((a, b) => a + b, 0).toFixed(1);
  const sparse = runs.filter(({ config }) => !config.method.startsWith("dense"));
  const low = row("static", 0.01);
  return [
    `RD-TSE is ahead by ${rd.difference} points (95 % interval ${rd.interval})`,
    `FD-TSE by ${fd.difference} (${fd.interval})`,
    `Dist-TSE by ${dist.difference} (${dist.interval}), which is just not shown`,
    `they are ${overSeeds("rd")} for RD-TSE, ${overSeeds("fd")} for FD-TSE and ` +
    `${overSeeds("dist")} for Dist-TSE`,
    `RD-TSE ${sameSchedule("rd")}, FD-TSE ${shortly("fd")}, Dist-TSE ${shortly("dist")}`,
    `The ensembles are ${Math.min(...ahead).toFixed(0)} points ahead of SET-MLP`,
    `The three ensembles are ${[...points][0]} points ahead`,
    `(${low.accuracy.toFixed(2)} against ${low.publishedAccuracy})`,
    `All ${runs.length} runs together took ${minutes(() => true)} minutes of one core, the ` +
    `${sparse.length} sparse ones ${minutes((method) => !method.startsWith("dense"))}`,
    `[same ${records("wasm/table1/gesture-phase/runs.jsonl").length} runs]`,
  ];
}

/** What is said of the other runs of Table 1: WebAssembly, nine seeds, HIGGS. */
export function otherTableOneClaims(): string[] {
  const rows = (path: string) => record(`${path}/table1.json`).tables.table1;
  const native = rows("table1/gesture-phase");
  const wasm = rows("wasm/table1/gesture-phase");
  const alike = (a: RecordOfAny) => (b: RecordOfAny) =>
    a.model === b.model && a.epsilon === b.epsilon;
  const differences = wasm.map((row: RecordOfAny) =>
    Math.abs(row.accuracy - native.find(alike(row)).accuracy)
  );
  const isLow = ({ learningRate, accuracy, publishedAccuracy }: RecordOfAny) =>
    learningRate !== 0.1 && accuracy < publishedAccuracy - 1;
  assert.deepEqual(
    [native, wasm].map((all) => all.filter(isLow).map(({ method }: RecordOfAny) => method)),
    [["static"], ["static"]],
  );
  const runs = records("wasm/table1/gesture-phase/runs.jsonl");
  const minutes = runs.reduce((sum, { record }) => sum + record.seconds.cpu / 60, 0);
  const [pooled, , low, high] = evidence(
    "wasm/table1/gesture-phase/table1.json",
    "Dist-TSE (λ = 1.5) is more accurate than EDST_RG, all ε together",
  );
  const seeds = bySeed([10, 20, 30].map((epsilon) => [
    accuracies(runs, { method: "dist", epsilon }),
    accuracies(runs, { method: "edst", epsilon }),
  ]));
  const [slow, fast] = rows("seeds/table1/gesture-phase");
  const higgs = record("table1/higgs-subset/table1.json").tables.table1;
  const of = (method: string, epsilon: number | null) =>
    higgs.find((row: RecordOfAny) => row.method === method && row.epsilon === epsilon);
  const ahead = (method: string) =>
    mean([10, 20].map((epsilon) => of(method, epsilon).accuracy - of("edst", epsilon).accuracy));
  const dense = of("dense", null);
  const ensembles = ["rd", "fd", "dist"].map((method) => of(method, 20));
  const points = new Set(ensembles.map(({ accuracy }) => (accuracy - dense.accuracy).toFixed(0)));
  assert.deepEqual(points, new Set(["8"]));
  const times = new Set(ensembles.map((row) => row.minutes.toFixed(0)));
  assert.deepEqual(times, new Set(["2"]));
  return [
    `They took ${minutes.toFixed(0)} minutes of the processor`,
    `No mean differs by more than ${ceiling(Math.max(...differences))} points`,
    `too low (${wasm.find(isLow).accuracy.toFixed(1)})`,
    `Dist-TSE is ${fixed(pooled, 1)} points ahead of EDST with random growth (${range(low, high)})`,
    `the interval is ${range(seeds.low, seeds.high)}.`,
    `η = 0.01 has ${slow.accuracy.toFixed(1)} ± ${slow.accuracyDeviation.toFixed(1)}. ` +
    `That is ${(slow.publishedAccuracy - slow.accuracy).toFixed(1)} below`,
    `it has ${fast.accuracy.toFixed(1)} ± ${fast.accuracyDeviation.toFixed(1)}`,
    `FD-TSE is ${ahead("fd").toFixed(1)} and Dist-TSE ${ahead("dist").toFixed(1)} points ahead`,
    `The ensembles are ${[...points][0]} points ahead of the dense network`,
    `(${[...times][0]} minutes against ${dense.minutes.toFixed(0)})`,
  ];
}

/** A bound that nothing exceeds, to a tenth. */
const ceiling = (value: number) => (Math.ceil(value * 10) / 10).toFixed(1);

/** What is said of Tables 2 to 5. */
export function tableClaims(): string[] {
  const { table2 } = record("table2/table2.json").tables;
  const model = (name: string) => table2.find(({ model }: RecordOfAny) => model === name);
  const dense = model("Single dense model");
  const fd = model("FD-TSE");
  const ensembles = ["EDST_RG", "RD-TSE", "FD-TSE", "Dist-TSE (λ = 1.5)"].map(model);
  const best = (key: string) => Math.max(...table2.map((row: RecordOfAny) => row[key] ?? 0));
  assert.equal(Math.min(...table2.map((row: RecordOfAny) => row.meanRank)), fd.meanRank);
  assert.deepEqual([dense.wins, model("Dist-TSE (λ = 1.5)").wins], [best("wins"), 0]);
  const [tuned, plain] = [0.1, 0.01].map((rate) => model(`SET-MLP, η = ${rate}`));
  const [fast, slow] = [0.1, 0.01].map((rate) => model(`Single static sparse model, η = ${rate}`));
  assert.equal(fast.winsTuned, best("winsTuned"));
  const [ahead, , , , p] = evidence("table2/table2.json", "FD-TSE is more accurate than EDST_RG");
  const [beats, , sets, , chance] = evidence(
    "table2/table2.json",
    "FD-TSE is more accurate than the single dense model",
  );
  const minutes = extent(ensembles.map((row) => row.minutes));
  const times = extent(ensembles.map((row) => dense.minutes / row.minutes));
  assert.deepEqual(times.map((ratio) => ratio.toFixed(0)), ["11", "11"]);
  const { table4 } = record("table4/table4.json").tables;
  const seconds = (isDistance: boolean) =>
    extent(
      table4.filter(({ method }: RecordOfAny) => (method === "dist") === isDistance)
        .map((row: RecordOfAny) => row.seconds),
    );
  const faster = extent(table4.map((row: RecordOfAny) => row.publishedSeconds / row.seconds));
  const [gained, , low, high] = evidence(
    "table3/gesture-phase/table3.json",
    "All methods together gain by it",
  );
  const runs = records("table3/gesture-phase/runs.jsonl");
  const seeds = bySeed(["rd", "fd", "dist"].map((method) => [
    accuracies(runs, { method, refinement: "comprehensive" }),
    accuracies(runs, { method, refinement: "plain" }),
  ]));
  const { tables: { table5 }, findings } = record("table5/gesture-phase/table5.json");
  const ps = table5.flatMap((row: RecordOfAny) => row.p ?? []);
  assert.deepEqual([ps.length, Math.max(...ps) < 1e-5], [9, true]);
  const excludes = findings.filter(({ evidence }: RecordOfAny) => /excludes 0$/.test(evidence));
  assert.equal(excludes.length, 5);
  assert.ok(findings.every(({ verdict }: RecordOfAny) => verdict === "holds"));
  return [
    `[Table 2]: ${sets} tabular data sets`,
    `ahead on ${ahead} sets, p = ${p.toFixed(3)}`,
    `FD-TSE's mean accuracy is ${fd.meanAccuracy.toFixed(2)} %`,
    `most often the best (on ${dense.wins}) and has ${dense.meanAccuracy.toFixed(2)} %`,
    `${dense.minutes.toFixed(0)} minutes for all sets, where the ensembles take ` +
    `${minutes[0].toFixed(0)} to ${minutes[1].toFixed(0)}`,
    `ahead on ${beats} of ${sets} (p = ${chance.toFixed(2)})`,
    `it is best on ${slow.wins}.`,
    `SET gains ${(tuned.meanAccuracy - plain.meanAccuracy).toFixed(1)} points`,
    `most often the best (on ${fast.winsTuned}), and`,
    `Phase gains ${fixed(gained, 1)} points`,
    `(${range(low, high)} with all pairs pooled, ${range(seeds.low, seeds.high)} with one value`,
    `takes ${seconds(false).map((s) => (1000 * s).toFixed(0)).join(" to ")} ms (RD, FD)`,
    `and ${seconds(true).map((s) => s.toFixed(2)).join(" to ")} s (Dist)`,
    `That is ${
      faster.map((times) => times.toFixed(0)).join(" to ").replace(/(\d)(\d{3})$/, "$1,$2")
    } ` +
    "times faster",
    `on ${Math.max(...table5.map(({ pairs }: RecordOfAny) => pairs ?? 0))} bootstrapped test sets`,
  ];
}

/** What is said of the figures. */
export function figureClaims(): string[] {
  const [, gaussian] = evidence(
    "fig2/gesture-phase/fig2.json",
    "The distances are approximately Gaussian",
  );
  const { fig3 } = record("fig3/gesture-phase/fig3.json").tables;
  const steps = fig3.map((row: RecordOfAny) => row.meanStep / row.meanDistanceWithin);
  const carried = "NNSTD, the first layer's matching carried through";
  const itself = (name: string, way: string, order: string) =>
    `${name} re-initialises ${order} than EDST_RG (${way}): from the network itself`;
  const report = "fig4/gesture-phase/fig4.json";
  const { tables: { fig4 }, findings } = record(report);
  const verdict = (claim: string) =>
    findings.find((finding: RecordOfAny) => finding.claim === claim).verdict;
  assert.deepEqual(
    [
      verdict(itself("RD-TSE", carried, "farther")),
      verdict(itself("Dist-TSE (λ = 1.5)", carried, "nearer")),
    ],
    ["open", "open"],
  );
  const [nearer, , , , , p] = evidence(report, itself("FD-TSE", carried, "farther"));
  const own = (method: string) =>
    fig4.find((row: RecordOfAny) => row.method === method && row.way !== "carried").own;
  return [
    `p = ${gaussian.toFixed(3)})`,
    `(${median(steps).toFixed(2)} of it)`,
    `(by ${Math.abs(nearer).toFixed(4)}, p = ${p.toFixed(3)})`,
    `(${own("fd").toFixed(3)} against ${own("edst").toFixed(3)})`,
  ];
}

/** What is said of the kernels' speed. */
export function benchClaims(): string[] {
  const { kernels, inference, growth } = record("bench/bench.json").results;
  const shares = (backEnd: string) =>
    ["forward", "backward", "gradient + update"].map((kernel) =>
      kernels[0].kernels.find((row: RecordOfAny) =>
        row.backEnd === backEnd && row.kernel === `sparse ${kernel}`
      ).ofLimit.stream.median.toFixed(2)
    );
  const [a, b, c] = shares("native");
  const [d, e, f] = shares("wasm");
  const million = (backEnd: string) => {
    const { kernels } = growth.points.find(({ nnz, kernels }: RecordOfAny) =>
      Math.round(nnz / 1e5) === 10 && kernels[0].backEnd === backEnd
    );
    const shares = kernels.map(({ ofLimit }: RecordOfAny) => ofLimit.stream.median);
    return Math.min(...shares).toFixed(2);
  };
  const exponents = extent(growth.costs.map(({ exponent }: RecordOfAny) => exponent));
  const inferred = (backEnd: string) =>
    inference.find((row: RecordOfAny) => row.backEnd === backEnd);
  const one = (backEnd: string) => inferred(backEnd).oneRow.median.toFixed(1);
  const thousands = (backEnd: string) => (inferred(backEnd).rowsPerSecond.median / 1000).toFixed(0);
  return [
    `reach ${a}, ${b} and ${c} of it natively`,
    `and ${d}, ${e} and ${f} in WebAssembly`,
    `one row in ${one("native")} ms natively and in ${one("wasm")} ms in WebAssembly`,
    `${thousands("native")},000 and ${thousands("wasm")},000 rows a second`,
    `down to ${million("native")} natively and ${million("wasm")} in WebAssembly`,
    `the exponents are ${exponents.map((exponent) => exponent.toFixed(2)).join(" to ")}.`,
  ];
}
