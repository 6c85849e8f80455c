/** Reports of made-up records, so that the numbers can be worked out by hand. */
import assert from "node:assert/strict";
import type { Evidence, RunLine, Selection } from "../../../../lib/experiments/paper/experiment.ts";
import { table2 } from "../../../../lib/experiments/paper/tables/table2.ts";
import { table5 } from "../../../../lib/experiments/paper/tables/table5.ts";
import { table1 } from "../../../../lib/experiments/paper/tables/table1.ts";
import type { Finding, MarkdownReport, ReportTable } from "../../../../lib/reports/markdown.ts";
import type { RunConfig } from "../../../../lib/experiments/run/run_config.ts";
import { runHash } from "../../../../lib/experiments/run/run_hash.ts";
import type { RunRecord } from "../../../../lib/experiments/run/run_record.ts";

function runLine(config: RunConfig, accuracy: number, seconds = 60): RunLine {
  const record = {
    accuracy,
    testRows: 1000,
    members: [{ accuracy, validationAccuracy: accuracy, epoch: 1, nnz: 100 }],
    weights: 100,
    flops: { counted: 1e6, phases: {} },
    rollbacks: [],
    seconds: { train: seconds, total: seconds, cpu: seconds },
    kernels: "wasm",
  } as unknown as RunRecord;
  return { hash: runHash(config), config, record };
}

function evidenceOf(selection: Selection, runs: readonly RunLine[]): Evidence {
  return { selection, dense: {}, runs, failed: [], measured: {} };
}

function tableNamed({ parts }: MarkdownReport, name: string): ReportTable {
  const found = parts.find((part) => part.kind === "table" && part.name === name);
  return found as ReportTable;
}

function findingsIn({ parts }: MarkdownReport): readonly Finding[] {
  return parts.flatMap((part) => part.kind === "findings" ? part.findings : []);
}

Deno.test("Table 2 shares ties, adds up times and ranks over complete data sets", () => {
  const datasets = ["pol", "heloc", "credit"];
  const selection: Selection = {
    ...table2.defaults,
    datasets,
    methods: ["edst", "fd", "dist", "set"],
    quick: false,
  };
  // Per data set: edst, fd, dist, set at 0.01, set at 0.1, edst refined comprehensively.
  const scores = [
    [0.80, 0.81, 0.81, 0.70, 0.90, 0.95],
    [0.80, 0.82, 0.83, 0.70, 0.71, 0.95],
    [0.85, 0.84, 0.83, 0.70, 0.71, 0.95],
  ];
  const runs = table2.configs(selection).map((config) => {
    const d = datasets.findIndex((name) => config.file === `dataset:${name}`);
    const v = config.method === "set"
      ? config.learningRate === 0.01 ? 3 : 4
      : config.method === "edst" && config.refinement === "comprehensive"
      ? 5
      : ["edst", "fd", "dist"].indexOf(config.method);
    return runLine(config, scores[d][v]);
  });
  const report = table2.report(evidenceOf(selection, runs));
  const { data } = tableNamed(report, "table2");
  const column = (key: string) => data.map((row) => row[key]);
  assert.deepEqual(column("method"), ["edst", "fd", "dist", "set", "set", "edst"]);
  assert.deepEqual(column("wins"), [1, 0.5, 1.5, 0, null, null]);
  assert.deepEqual(column("winsTuned"), [1, 0, 1, null, 1, null]);
  assert.deepEqual(column("minutes"), [3, 3, 3, 3, 3, 3]);
  assert.deepEqual(column("publishedWins"), [2, 2.33, 6.33, 1, null, null]);
  // Ranks: 4, 2.5, 2.5, 5, 1 / 3, 2, 1, 5, 4 / 1, 2, 3, 5, 4.
  assert.deepEqual(column("meanRank"), [...[8, 6.5, 6.5, 15, 9].map((sum) => sum / 3), null]);
  assert.ok(report.parts.some((part) => part.kind === "figure"));
  const finding = findingsIn(report).find(({ claim }) =>
    claim.startsWith("Dist-TSE is most often")
  );
  assert.equal(finding?.verdict, "holds");
  const evidence = (claim: string) =>
    findingsIn(report).find((finding) => finding.claim === claim)?.evidence;
  assert.match(
    evidence("FD-TSE is more accurate than EDST_RG, comprehensive")!,
    /^Ahead on 0, behind on 3 of 3 data sets, .* p = 1\.000 \(1\.000 by Holm, of 2\)$/,
  );
  assert.match(evidence("FD-TSE is more accurate than EDST_RG")!, /^Ahead on 2, behind on 1 /);
  assert.ok(evidence("EDST_RG is more accurate than the SET-MLP with η = 0.1"));

  // Without one data set's SET-MLP, that data set is neither ranked nor won.
  const fewer = runs.filter(({ config }) =>
    !(config.method === "set" && config.file === "dataset:credit")
  );
  const partial = table2.report(evidenceOf(selection, fewer));
  assert.deepEqual(tableNamed(partial, "table2").data.map((row) => row.datasets), [
    ...[3, 3, 3, 2, 2, 3],
  ]);
  assert.deepEqual(tableNamed(partial, "table2").data.map((row) => row.wins), [
    0,
    0.5,
    1.5,
    0,
    null,
    null,
  ]);
  assert.match(tableNamed(partial, "table2").title, /\(BPM over 2 data sets\)$/);
  assert.match(JSON.stringify(partial.parts), /Friedman's test over 2 data sets and 5 models/);
  assert.match(JSON.stringify(tableNamed(partial, "accuracies").rows), /not run/);

  // Whoever is alone has not won.
  const alone = runs.filter(({ config }) => config.method === "fd");
  const single = table2.report(evidenceOf(selection, alone));
  assert.deepEqual(tableNamed(single, "table2").data.map((row) => row.wins), Array(5).fill(null));
  assert.ok(findingsIn(single).every(({ verdict }) => verdict === "untested"));
});

Deno.test("Table 1 tests the order by seed and finds means that are too low", () => {
  const selection: Selection = {
    ...table1.defaults,
    epsilons: [20],
    methods: ["edst", "fd"],
    quick: false,
  };
  const all = table1.configs(selection).map((config) =>
    runLine(config, config.method === "fd" ? 0.74 + config.seed / 1000 : 0.702)
  );
  const runs = all.filter(({ config }) => config.method === "fd" || config.refinement === "plain");
  const dense = {
    "gesture-phase": {
      sizes: [50, 1000, 1000, 1000, 5],
      trainingRows: 6319,
      weights: 2_055_000,
      biases: 3005,
      flops: 1e8,
    },
  };
  const report = table1.report({ ...evidenceOf(selection, runs), dense });
  const { rows } = tableNamed(report, "table1");
  assert.deepEqual(rows[0].slice(0, 5), [
    "EDST_RG",
    "0.95 (ε = 20)",
    "70.2 ± 0.0 (3)",
    "71.8 ± 0.2",
    "−1.6",
  ]);
  assert.deepEqual(rows[1].slice(2, 5), ["74.2 ± 0.1 (3)", "73.4 ± 0.7 \\*", "+0.8"]);
  assert.equal(rows[1][7], "0.010x");
  const findings = findingsIn(report);
  assert.equal(findings[0].claim, "FD-TSE is more accurate than EDST_RG, all ε together");
  assert.equal(findings[0].verdict, "holds");
  // scipy.stats.ttest_1samp([3.9, 4, 4.1], 0).confidence_interval(): 3.752 to 4.248.
  assert.match(findings[0].evidence, /^Difference \+4\.0 points, .* \+3\.8 to \+4\.2, 3 seeds/);
  const level = findings.at(-1)!;
  assert.equal(level.verdict, "contradicted");
  assert.equal(
    level.evidence,
    "1 of 2 means are lower: EDST_RG, 0.95 (ε = 20): −1.6",
  );

  // What the paper does not have stands beside it as soon as there is a run, with its own seeds.
  const more = table1.report({ ...evidenceOf(selection, [...runs, all[3]]), dense });
  assert.deepEqual(tableNamed(more, "table1").rows.map((row) => row.slice(0, 5)), [
    rows[0].slice(0, 5),
    ["EDST_RG, comprehensive", "0.95 (ε = 20)", "70.2 (1)", "–", "–"],
    rows[1].slice(0, 5),
  ]);
  const equal = findingsIn(more)[1];
  assert.equal(
    equal.claim,
    "FD-TSE is more accurate than EDST_RG, comprehensive, all ε together",
  );
  assert.equal(equal.verdict, "open");
});

Deno.test("Table 1 compares like with like: the paper has one learning rate", () => {
  const selection: Selection = {
    ...table1.defaults,
    epsilons: [20],
    methods: ["set", "dense"],
    quick: false,
  };
  const runs = table1.configs(selection).map((config) => runLine(config, 0.5));
  const dense = {
    "gesture-phase": { sizes: [50, 5], trainingRows: 9, weights: 250, biases: 5, flops: 1 },
  };
  const report = table1.report({ ...evidenceOf(selection, runs), dense });
  const { rows, data } = tableNamed(report, "table1");
  assert.deepEqual(rows.map((row) => [row[0], row[3], row[4], row[6]]), [
    ["Single dense model, η = 0.001", "54.9", "−4.9", "1.00x"],
    ["Single dense model, η = 0.01", "–", "–", "–"],
    ["Single dense model, η = 0.1", "–", "–", "–"],
    ["SET-MLP, η = 0.01", "60.6 ± 0.7", "−10.6", "0.050x"],
    ["SET-MLP, η = 0.1", "–", "–", "–"],
  ]);
  assert.deepEqual(data.map(({ publishedMinutes }) => publishedMinutes), [
    ...[60, null, null, 28.3, null],
  ]);
  // λ (1 − μ) / η with λ = 0.0002 and μ = 0.9.
  assert.match(
    JSON.stringify(report.parts),
    /an L2 penalty of 0\.02 at η = 0\.001, 0\.002 at η = 0\.01, 0\.0002 at η = 0\.1:/,
  );
  assert.equal(findingsIn(report).at(-1)!.evidence.slice(0, 23), "2 of 2 means are lower:");
});

Deno.test("Table 5 counts the test sets on which the baseline is ahead", () => {
  const selection: Selection = {
    ...table5.defaults,
    epsilons: [20],
    methods: ["edst", "fd", "rd"],
    quick: false,
  };
  const labels = "0".repeat(400);
  const answers = (right: number) => "0".repeat(right) + "1".repeat(400 - right);
  const [edst, comprehensive, rd, fd] = table5.measurements!(selection);
  const measured = {
    [edst]: { predicted: answers(280), labels },
    [rd]: { predicted: answers(240), labels },
    [fd]: { predicted: answers(320), labels },
  };
  const report = table5.report({ ...evidenceOf(selection, []), measured });
  const { data } = tableNamed(report, "table5");
  assert.deepEqual(data.map(({ method, wilcoxon }) => [method, wilcoxon]), [
    ["edst", null],
    ["rd", 465],
    ["fd", 0],
  ]);
  // All that one model gets right the other does too: the difference is a share of 40 rows.
  assert.equal(data[2].difference, 10);
  assert.ok(Number(data[2].differenceLow) > 6 && Number(data[2].differenceHigh) < 14);
  assert.deepEqual(findingsIn(report).map(({ verdict }) => verdict), ["contradicted", "holds"]);

  const more = { ...measured, [comprehensive]: { predicted: answers(300), labels } };
  const beside = tableNamed(
    table5.report({ ...evidenceOf(selection, []), measured: more }),
    "table5",
  );
  assert.deepEqual(
    beside.data.map(({ refinement, difference, equalRefinement }) => [
      refinement,
      difference,
      equalRefinement,
    ]),
    [[null, null, null], ["comprehensive", 5, null], [null, -10, -15], [null, 10, 5]],
  );
});
