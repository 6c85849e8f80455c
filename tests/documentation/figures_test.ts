/**
 * Every figure of README.md and of results/README.md is that of the records: tables cell by cell, and
 * sentences by the words around their numbers. A number that no claim holds is a mistake.
 */
import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { builtinDatasetPath } from "../../mod.ts";
import { readBytes } from "../files.ts";
import { prose, readPage, section, tables } from "./markdown.ts";
import { comparison, record, type RecordOfAny, records } from "./records.ts";
import {
  benchClaims,
  calibrationClaims,
  comparisonClaims,
  figureClaims,
  otherTableOneClaims,
  tableClaims,
  tableOneClaims,
} from "./result_claims.ts";
import {
  ablationTable,
  calibrationTable,
  datasetTable,
  gesturePhaseTable,
  overallTable,
  speedTable,
} from "./result_tables.ts";

const README = readPage("README.md");
const RESULTS = readPage("results/README.md");

Deno.test("the README's table of results is that of the records", () => {
  const [, ...rows] = tables(section(README, "Results"))[0];
  assert.deepEqual(
    rows,
    overallTable({
      "Sparsemble, modern": "Sparsemble, `--recipe modern`",
      "HistGradientBoosting": "scikit-learn, histogram boosting",
      "RandomForest (300)": "scikit-learn, random forest (300 trees)",
      "ExtraTrees (300)": "scikit-learn, extra trees (300 trees)",
      "Sparsemble, paper (FD-TSE)": "Sparsemble, the paper's recipe (`--method fd`)",
    }),
  );
});

Deno.test("the tables of results/README.md are those of the records", () => {
  const expected = [
    datasetTable(),
    overallTable({
      "Sparsemble, modern": "modern",
      "HistGradientBoosting": "histogram boosting",
      "RandomForest (300)": "random forest",
      "ExtraTrees (300)": "extra trees",
      "Sparsemble, paper (FD-TSE)": "paper (`--method fd`)",
    }),
    ablationTable({
      "Two trials a candidate": "two trials a candidate, whose members stay",
      "Growth from strong neurons": "growth from strong neurons",
      "Cosine learning rate": "cosine learning rate in place of one cycle",
      "Topology as drawn": "topology as drawn, never evolving",
      "Best epoch on held-out rows": "best epoch on held-out rows, not the last one",
      "One run, FD": "four members from one run, FD-TSE",
      "Growth by gradient (RigL)": "growth by gradient (RigL)",
      "No label smoothing": "no label smoothing",
      "Member weighting 1": "member weighting 1",
      "One run, EDST": "four members from one run, EDST",
      "Initialised for the sparse fan-in": "initialised for the sparse fan-in",
      "No dropout": "no dropout",
      "One member": "one member",
      "Min-max scaling": "min-max scaling in place of quantiles",
      "No sines": "no sines",
      "SGD, η 0.1": "SGD, η 0.1, in place of Adam",
    }),
    calibrationTable({
      "Sparsemble, modern": "modern",
      "Modern, not calibrated": "modern, not calibrated",
      "HistGradientBoosting": "histogram boosting",
      "RandomForest (300)": "random forest",
      "ExtraTrees (300)": "extra trees",
    }),
    gesturePhaseTable(),
    speedTable(),
  ];
  const found = tables(RESULTS);
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
    const expected = ["modern", "Hist", "Random", "Extra", "paper"].map((word) => {
      const score = scores.find(({ name }) => name.includes(word))!;
      return Number(score.score.estimate.toFixed(12)) === best;
    });
    assert.deepEqual(cells.slice(2, 7).map((cell) => cell.startsWith("**")), expected, cells[1]);
  }
});

/** Numbers that name a set-up and measure nothing. Each is looked up in the text as it stands. */
const SETTINGS: readonly RegExp[] = [
  /seeds 1, 2 and 3\b/,
  /seed 1\b/,
  /\b80\/20 splits/,
  /\b300 trees each/,
  /Tables? \d( to \d)?/,
  /Fig(ures|\.) \d( to \d)?/,
  /95 % interval/,
  /[ηλ] (= |is )?0\.\d+/,
  /ε( =)? \d+( and \d+)?/,
  /on its 14 benchmark sets/,
  /50 features, 5 classes, 7,898 training and 1,975 test rows/,
  /three hidden layers of 1,000 neurons, All-ReLU, 350 epochs/,
  /Zen 4/,
  /AVX-512/,
  /layer of 1000 × 1000/,
  /batches of 128/,
  /layer of 1,000² to 15,000²/,
  /p below 1e-5/,
  /excludes 0 for five/,
  /up to 10⁸ weights/,
];

/** Takes claims and settings out of a page, and tells what numbers are left. */
function unheld(text: string, claims: readonly string[], others: readonly RegExp[]): string[] {
  let rest = text;
  for (const claim of claims) {
    assert.ok(text.includes(claim), `the page does not say "${claim}"`);
    rest = rest.replace(claim, claim.replaceAll(/\d/g, ""));
  }
  for (const other of others) {
    assert.match(text, other);
    rest = rest.replaceAll(new RegExp(other, "g"), "");
  }
  return Array.from(rest.matchAll(/.{0,40}\d[^ ]*/g), ([found]) => found);
}

Deno.test("every number in the prose of results/README.md is that of a record", () => {
  const claims = [
    ...comparisonClaims().results,
    ...calibrationClaims(),
    ...tableOneClaims(),
    ...otherTableOneClaims(),
    ...tableClaims(),
    ...figureClaims(),
    ...benchClaims(),
  ];
  assert.deepEqual(unheld(prose(RESULTS), claims, SETTINGS), []);
});

Deno.test("every number in the README's section of results is that of a record", () => {
  const text = prose(section(README, "Results"));
  assert.deepEqual(unheld(text, comparisonClaims().readme, [/seeds 1, 2 and 3\b/]), []);
});

Deno.test("docs/counting.md has the shares that the paper published", () => {
  const { table1 } = record("table1/gesture-phase/table1.json").tables;
  const shares = [10, 20, 30].map((epsilon) =>
    table1.find((row: RecordOfAny) => row.method === "fd" && row.epsilon === epsilon).publishedFlops
  );
  const text = prose(readPage("docs/counting.md"));
  assert.ok(text.includes(`${shares.map((share) => share.toFixed(2)).join(", ")} in the paper`));
});

Deno.test("native kernels take less than half of the time, as the pages say", () => {
  const seconds = (path: string) =>
    records(`${path}/runs.jsonl`).filter(({ config }) => !config.method.startsWith("dense"))
      .reduce((sum, { record }) => sum + record.seconds.cpu, 0);
  const [native, wasm] = ["table1/gesture-phase", "wasm/table1/gesture-phase"].map(seconds);
  assert.ok(native < wasm / 2, `${native} of ${wasm} seconds`);
  for (const page of ["README.md", "docs/kernels.md"]) {
    assert.match(prose(readPage(page)), /training(;? then)? takes less than half of the time/i);
  }
});

Deno.test("the built-in data have as many surplus rows as the README says", () => {
  const csv = new TextDecoder().decode(gunzipSync(readBytes(builtinDatasetPath("segment"))));
  const [, ...rows] = csv.trim().split("\n");
  const surplus = rows.length - new Set(rows).size;
  assert.ok(prose(README).includes(`has ${surplus} surplus copies of rows`));
});

Deno.test("a number that no claim holds is found", () => {
  assert.deepEqual(unheld("a gain of 0.7 points, p = 0.02", ["0.7 points"], []), [
    "a gain of . points, p = 0.02",
  ]);
});
