/**
 * Every figure of README.md and of results/README.md is that of the records: tables cell by cell, and
 * sentences by the words around their numbers. A number that no claim holds is a mistake.
 */
import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { builtinDatasetPath, readDataset } from "../../mod.ts";
import { BUILTIN_DATASETS } from "../../lib/data/builtin/mod.ts";
import { totalFlops } from "../../lib/counters/mod.ts";
import { PAPER_DENSE_FLOPS, paperFlops } from "../../lib/experiments/paper/mod.ts";
import { readBytes } from "../files.ts";
import { prose, readPage, section, tables } from "./markdown.ts";
import { benchClaims } from "./results/bench_claims.ts";
import { blockClaims, blockTable, paperBlockClaims } from "./results/blocks_claims.ts";
import { ablationClaims, calibrationClaims } from "./results/ablation_claims.ts";
import { comparisonClaims, newerClaims } from "./results/comparison_claims.ts";
import { NUMBER, unheld } from "./held.ts";
import { figureClaims, otherTableClaims, tableTwoClaims } from "./results/paper_claims.ts";
import { comparison, fixed, modelKey, type RecordOfAny, records } from "./records.ts";
import { differenceTable, otherTableOneClaims, tableOneClaims } from "./results/table1_claims.ts";
import { whySparseClaims, whySparseTable } from "./why_sparse/claims.ts";
import {
  ablationTable,
  calibrationTable,
  CONTENDERS,
  datasetTable,
  gesturePhaseTable,
  newerTable,
  overallTable,
  speedHead,
  speedTable,
} from "./results/result_tables.ts";

const README = readPage("README.md");
const RESULTS = readPage("results/README.md");

Deno.test("the README's table of results is that of the records, with all methods", () => {
  const [, ...rows] = tables(section(README, "Results"))[0];
  const names = {
    "LightGBM, tuned in as many seconds": "LightGBM, tuned",
    "Sparsemble, modern": "Sparsemble",
    "RandomForest (300)": "random forest",
    "ExtraTrees (300)": "extra trees",
  };
  const all = comparison("comparison").overall.map(({ name }) => [name, name]);
  assert.deepEqual(rows, overallTable({ ...Object.fromEntries(all), ...names }));
});

Deno.test("the tables of results/README.md are those of the records", () => {
  const expected = [
    datasetTable(),
    overallTable({
      "Sparsemble, modern": "modern",
      "LightGBM, tuned in as many seconds": "LightGBM, tuned",
      "CatBoost": "CatBoost",
      "LightGBM": "LightGBM",
      "HistGradientBoosting": "histogram boosting",
      "XGBoost": "XGBoost",
      "RandomForest (300)": "random forest",
      "ExtraTrees (300)": "extra trees",
    }),
    [
      ...newerTable("comparison/newer"),
    ],
    newerTable("comparison/numbers"),
    ablationTable(),
    whySparseTable([
      "sparse, four members",
      "dense, as many weights",
      "dense, four times as many",
      "dense, the same training time",
    ]),
    blockTable(),
    calibrationTable({
      "Sparsemble, modern": "modern",
      "Modern, not calibrated": "modern, not calibrated",
      "HistGradientBoosting": "histogram boosting",
      "RandomForest (300)": "random forest",
      "ExtraTrees (300)": "extra trees",
    }),
    gesturePhaseTable(),
    differenceTable(),
    speedTable(),
  ];
  const found = tables(RESULTS);
  for (const [head] of found.slice(0, -1)) assert.doesNotMatch(head.join(), /\d/);
  assert.deepEqual(found.at(-1)![0], speedHead());
  assert.equal(found.length, expected.length);
  found.forEach(([, ...rows], t) => assert.deepEqual(rows, expected[t]));
});

Deno.test("the best figure of a data set is set in bold, ties with it", () => {
  const { perDataset } = comparison("comparison");
  for (const line of RESULTS.split("\n")) {
    const cells = line.split("|").map((cell) => cell.trim());
    const scores = perDataset.filter(({ dataset }) => dataset === cells[1]);
    if (scores.length === 0) continue;
    const best = Math.max(...scores.map(({ score }) => Number(score.estimate.toFixed(12))));
    const expected = Object.values(CONTENDERS).map((method) => {
      const score = scores.find(({ name }) => name === method)!;
      return Number(score.score.estimate.toFixed(12)) === best;
    });
    assert.deepEqual(
      cells.slice(2, 2 + expected.length).map((cell) => cell.startsWith("**")),
      expected,
      cells[1],
    );
  }
});

/** Numbers that name a set-up and measure nothing. Each is looked up in the text as it stands. */
const SETUPS: readonly (string | RegExp)[] = [
  // How things are tested, and what pages and tables are called.
  "below 0.05",
  "if there is one, excludes 0.",
  /95 % interval/,
  // The comparison with trees.
  "in the mean of seeds 1, 2 and 3",
  "80/20 splits",
  "300 trees each",
  "with layers twice as wide",
  "in no test part of seeds 1, 2 and 3",
  "natively with AVX-512 (forward",
  "on the machine without AVX-512. TabM",
  "on a machine with AVX-512",
  "of a machine without AVX-512",
  "quantiles that end at ±5.2",
  "Quantiles within ±3 were chosen",
  "before quantiles ended at ±3",
  "that of quantiles within ±3",
  "on these test rows twice before",
  "With batches of 256 rows, twice the learning rate",
  ", seed 1, as it takes long",
  "the fifth of the rows that it holds out",
  "with seeds 1, 2 and 3. Points",
  "Seeds 2 and 3 were added",
  "four networks in place of eight",
  "is of a processor without AVX-512",
  "A million neurons",
  "on three tables of classes",
  "on five tables of numbers",
  "eight evolving members without trials, with sines of a frequency of 0.2, a dropout of 0.2",
  "four evolving members of three times as many neurons",
  "with layers of 1,000 neurons",
  "Their three hidden layers",
  "as many weights, or four times as many, or take as long",
  "widths of 32 to 256",
  "over the data sets, two-sided and adjusted after Holm for the comparisons of the table",
  ", seed 1 ([report]",
  "no probability is less than 2.2e-16",
  "1 / (training rows + classes)",
  "share their inputs, eight at a time",
  "Wilcoxon's test over the data sets, two-sided and adjusted after Holm; higher",
  // Table 1.
  "50 features, 5 classes, 7,898 training and 1,975 test rows",
  "three hidden layers of 1,000 neurons, All-ReLU (ReLU in the dense networks), 350 epochs",
  "A fifth of the training rows",
  "of seeds 4 and 5 and of the dense network at 0.01 and 0.1 came later",
  "(Zen 4)",
  "gives the two sides different schedules",
  "At η = 0.1 the paper has no run of a single network, and at 0.01 and 0.1 none of the dense one",
  ", the rate of the paper's baseline. At η = 0.1, their own,",
  "static network at η = 0.01",
  "With a momentum of 0.9",
  "[ε 10 and 20, one seed]",
  "At η = 0.01, where the dense network leads on Gesture Phase, it was not run",
  "### With nine seeds",
  "[With nine seeds] in place of five",
  "Seeds 4 and 5 are those of Table 1.",
  "what seeds differ by",
  "At η = 0.1",
  // The other tables and figures.
  "two of them in part, one seed",
  "a layer of 1,000² to 15,000²",
  "two trained ensembles",
  "as any two points",
  // The kernels.
  "(Zen 4, AVX-512): a layer of 1000 × 1000 at ε = 20 or dense, batches of 128",
];

/** Names of the paper's parts, which measure nothing either. */
const NAMES: readonly RegExp[] = [/Tables? \d( to \d)?/, /Fig(ures|\.) \d( to \d)?/];

const CLAIMS = [
  ...comparisonClaims().results,
  ...newerClaims(),
  ...ablationClaims(),
  ...whySparseClaims().results,
  ...blockClaims(),
  ...paperBlockClaims(),
  ...calibrationClaims(),
  ...tableOneClaims(),
  ...otherTableOneClaims(),
  ...tableTwoClaims(),
  ...otherTableClaims(),
  ...figureClaims(),
  ...benchClaims(),
];

const README_CLAIMS = comparisonClaims().readme;

Deno.test("every number in the prose of results/README.md is that of a record", () => {
  assert.deepEqual(unheld(prose(RESULTS), CLAIMS, [...SETUPS, ...NAMES]), []);
});

Deno.test("any number in the prose that is another one is found", () => {
  const pages = [
    { text: prose(RESULTS), claims: CLAIMS, setups: [...SETUPS, ...NAMES] },
    {
      text: prose(section(README, "Results")),
      claims: README_CLAIMS,
      setups: ["seeds 1, 2 and 3"],
    },
  ];
  for (const { text, claims, setups } of pages) {
    const named = Array.from(
      text.matchAll(new RegExp(NAMES.map(({ source }) => source).join("|"), "g")),
      ({ 0: name, index }) => [index, index + name.length],
    );
    for (const { 0: number, index } of text.matchAll(NUMBER)) {
      if (named.some(([from, to]) => index >= from && index < to)) continue;
      const other = /\d/.test(number) ? `${Number(number) + 1}` : number === "two" ? "six" : "two";
      const changed = text.slice(0, index) + other + text.slice(index + number.length);
      const isFound = () => {
        try {
          return unheld(changed, claims, setups).length > 0;
        } catch {
          return true;
        }
      };
      assert.ok(isFound(), changed.slice(index - 60, index + 60));
    }
  }
});

Deno.test("every number in the README's section of results is that of a record", () => {
  const text = prose(section(README, "Results"));
  const setups = ["seeds 1, 2 and 3"];
  assert.deepEqual(unheld(text, README_CLAIMS, setups), []);
});

Deno.test("docs/counting.md has the counts of the paper's networks, ours and the published ones", () => {
  const [dense, ...sparse] = paperFlops();
  const { step, steps } = dense.planned;
  const shares = (values: readonly number[], digits: number) =>
    values.map((value) => fixed(value, digits)).join(", ");
  const [whole, epochs] = [Math.floor(7898 / 128), 350];
  assert.equal(steps, epochs * (whole + 1));
  assert.equal(fixed(dense.steps / PAPER_DENSE_FLOPS, 0), "2");
  const exponential = (value: number) => value.toExponential(2).replace("e+", "e");
  const claims = [
    `The paper's dense network costs ${exponential(PAPER_DENSE_FLOPS)}`,
    `One training step of that network is ${totalFlops(step).toLocaleString("en")} operations here`,
    `${epochs} epochs of ${whole} full and one partial batch are ${
      exponential(dense.steps)
    }: twice`,
    `at ε = ${sparse.map(({ epsilon }) => epsilon).join(", ")} take ` +
    `${shares(sparse.map(({ share }) => share), 3)} here, and ` +
    `${shares(sparse.map(({ paperShare }) => paperShare), 2)} in the paper`,
  ];
  const text = prose(section(readPage("docs/counting.md"), "Without training"));
  assert.deepEqual(unheld(text, claims, []), []);
});

Deno.test("docs/tasks.md has the sizes of the built-in data and of the catalogue", async () => {
  const { target } = BUILTIN_DATASETS.segment;
  const { dataset } = await readDataset(builtinDatasetPath("segment"), { target });
  const { rows, columns, classes } = dataset;
  const text = prose(readPage("docs/tasks.md"));
  const size = `${rows.toLocaleString("en")} rows, ${columns} features, ${classes.length} classes`;
  assert.ok(text.includes(size), size);
});

Deno.test("native kernels take a third to a half of the time with both recipes, as the pages say", () => {
  const [all, slower] = ["table1/gesture-phase", "wasm/table1/gesture-phase"].map((path) =>
    records(`${path}/runs.jsonl`)
  );
  const key = (run: RecordOfAny) => `${modelKey(run)}/${run.config.seed}`;
  const keys = new Set(slower.map(key));
  const same = all.filter((run) => keys.has(key(run)));
  assert.equal(same.length, slower.length);
  const cpu = (runs: RecordOfAny[]) =>
    runs.reduce((sum, { record }) => sum + record.seconds.cpu, 0);
  const ofRecipe = (study: string) => {
    const fitting = (kernels: string) =>
      records(`${study}/comparison.jsonl`).filter(({ name }) => name === `Modern, ${kernels}`)
        .reduce((sum, { fitSeconds }) => sum + fitSeconds, 0);
    return fitting("native") / fitting("WebAssembly");
  };
  const studies = ["comparison/wasm", "comparison/wasm/second"];
  const shares = [...studies.map(ofRecipe), cpu(same) / cpu(slower)];
  assert.ok(shares.every((share) => share > 0.3 && share < 0.55), `${shares}`);
  for (const page of ["README.md", "docs/kernels.md"]) {
    assert.match(prose(readPage(page)), /training(;? then)? takes a third to a half of the time/i);
  }
  const [modern, without, paper] = shares.map((share) => fixed(100 * share, 0));
  const text = `with the modern recipe ${modern} % of it with AVX-512 and ${without} % without, ` +
    `${paper} % with the paper's`;
  assert.ok(prose(readPage("docs/kernels.md")).includes(text), text);
});

Deno.test("the built-in data have as many surplus rows as the README says", () => {
  const csv = new TextDecoder().decode(gunzipSync(readBytes(builtinDatasetPath("segment"))));
  const [, ...rows] = csv.trim().split("\n");
  const surplus = rows.length - new Set(rows).size;
  assert.ok(prose(README).includes(`has ${surplus} surplus copies of rows`));
});

Deno.test("a number that no claim holds is found, also one in words", () => {
  const text = "a gain of 0.7 points, p = 0.02, on Eleven sets and twice as long";
  assert.deepEqual(unheld(text, ["0.7 points"], []), [
    "a gain of §, p = 0.02, on Eleven",
    " sets and twice",
  ]);
  assert.throws(() => unheld(text, ["0.8 points"], []), /the page does not say "0\.8 points"/);
  assert.throws(() => unheld(text, ["0.7 points", "0.7 points"], []), /does not say/);
});

Deno.test("pages round once, half away from zero", () => {
  assert.deepEqual([1.005, -1.005, 2.4449, 0.25].map((value) => fixed(value, 2)), [
    ...["1.01", "−1.01", "2.44", "0.25"],
  ]);
  assert.deepEqual([0.25, -0.25, -2.45, -0.04, 8.349999].map((value) => fixed(value, 1)), [
    ...["0.3", "−0.3", "−2.5", "0.0", "8.3"],
  ]);
});
