import assert from "node:assert/strict";
import { tableCells } from "../../../tasks/terminal/result_cells.ts";
import { completeConfig } from "../../../lib/experiments/run/run_config.ts";
import { namesIn, newFolder, readText, writeFile } from "../../files.ts";
import { completeRecord } from "../../experiments/results/complete_record.ts";
import { runTask } from "../run_task.ts";

/** A folder `runs` with finished runs of two methods on two data sets, three seeds each. */
function folderWithRuns(): string {
  const from = newFolder();
  Deno.mkdirSync(`${from}/runs`);
  for (const [d, dataset] of ["pol", "heloc"].entries()) {
    for (const [m, method] of ["fd", "set"].entries()) {
      for (const seed of [1, 2, 3]) {
        const folder = `${from}/runs/${dataset}-${method}-${seed}`;
        const config = completeConfig({
          ...{ file: `dataset:${dataset}`, target: "target", method, seed },
        });
        const accuracy = 0.8 - 0.1 * d - 0.01 * m * seed;
        const record = completeRecord({
          ...{ accuracy, density: 0.125 },
          ...{ seconds: { train: 2 * seed }, flops: { counted: 3e9 } },
        });
        Deno.mkdirSync(folder);
        writeFile(`${folder}/config.json`, JSON.stringify(config));
        writeFile(`${folder}/record.json`, JSON.stringify(record));
      }
    }
  }
  return from;
}

const from = folderWithRuns();

async function results(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runTask("results", ["runs", ...args], { from });
  assert.equal(code, 0, stderr);
  return stdout;
}

Deno.test("results tabulates by what the runs differ in", async () => {
  const text = await results();
  const rows = text.split("\n").filter((line) => line.startsWith("│"))
    .map((line) => line.split("│").slice(1, -1).map((cell) => cell.trim()));
  assert.deepEqual(rows[0], [
    ...["dataset", "method", "runs", "accuracy (%)", "memberAccuracy (%)", "density (%)"],
    "seconds.train",
  ]);
  const alike = (mean: string) => `${mean} ± 0.00 [${mean}, ${mean}]`;
  // t(0.975, 2) = 4.302653: 0.01 · 4.302653 / √3 = 0.024842, 2 · 4.302653 / √3 = 4.968.
  const seconds = "4 ± 2 [-0.9683, 8.968]";
  const set = (mean: number) =>
    `${mean}.00 ± 1.00 [${(mean - 2.4842).toFixed(2)}, ${(mean + 2.4842).toFixed(2)}]`;
  assert.deepEqual(rows.slice(1), [
    ["heloc", "fd", "3", alike("70.00"), alike("70.00"), alike("12.50"), seconds],
    ["heloc", "set", "3", set(68), set(68), alike("12.50"), seconds],
    ["pol", "fd", "3", alike("80.00"), alike("80.00"), alike("12.50"), seconds],
    ["pol", "set", "3", set(78), set(78), alike("12.50"), seconds],
  ]);
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(text, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
});

Deno.test("results filters, groups and chooses columns, and says where an interval means nothing", async () => {
  const text = await results(
    ...["--where", "method=fd", "--group-by", "method", "--columns", "accuracy,seconds.train"],
    ...["--format", "markdown"],
  );
  assert.equal(
    text,
    "| method | runs | accuracy (%) | seconds.train |\n" +
      "| --- | --- | --- | --- |\n" +
      "| fd | 6 | 75.00 ± 5.48 | 4 ± 1.789 |\n\n" +
      "mean ± standard deviation over runs [95 % interval of the mean over seeds]\n\n" +
      "No interval where a row's runs differ by more than the seed\n",
  );
});

Deno.test("results --each has a row for every run, as CSV, JSON or Parquet", async () => {
  const each = ["--each", "--where", "dataset=pol", "--columns", "accuracy", "--format"];
  const csv = await results(...each, "csv");
  const lines = csv.trimEnd().split("\n");
  assert.equal(lines[0], "hash,method,seed,accuracy");
  assert.equal(lines.length, 7);
  const json = JSON.parse(await results(...each, "json"));
  assert.equal(json.length, 6);
  assert.deepEqual(Object.keys(json[0]), ["hash", "method", "seed", "accuracy"]);
  const said = await results(...each, "parquet", "--out", "x.parquet");
  assert.equal(said, "");
  const bytes = await Deno.readFile(`${from}/x.parquet`);
  assert.equal(new TextDecoder().decode(bytes.subarray(0, 4)), "PAR1");
  await results(...each, "csv", "--out", "x.csv");
  assert.equal(readText(`${from}/x.csv`), csv);
  assert.deepEqual(namesIn(from), ["runs", "x.csv", "x.parquet"]);
});

Deno.test("results --compare tells paired differences for every data set and over all", async () => {
  const text = await results("--compare", "fd,set", "--format", "markdown");
  const rows = text.split("\n").filter((line) => line.startsWith("| "))
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
  assert.deepEqual(rows[0], [
    ...["dataset", "pairs", "fd", "set", "difference", "greater/equal/smaller", "p"],
  ]);
  const difference = "+2.00 ± 1.00 [-0.48, +4.48]";
  assert.deepEqual(rows.slice(2), [
    ["heloc", "3", "70.00", "68.00", difference, "3/0/0", "0.250"],
    ["pol", "3", "80.00", "78.00", difference, "3/0/0", "0.250"],
    ["all", "2", "75.00", "73.00", "+2.00 ± 0.00", "2/0/0", "0.500"],
  ]);
  assert.match(text, /The last row has one pair for every data set: the mean of its pairs/);
  const [row] = JSON.parse(await results("--compare", "set,fd", "--format", "json"));
  assert.equal(row.difference.toFixed(6), "-0.020000");
});

Deno.test("an interval of a share ends at 0 % and 100 %, and that of anything else where it ends", () => {
  const values = {
    accuracy: { mean: 0.9, sd: 0.05, interval: [0.45, 1.35] as const, count: 2 },
    "seconds.train": { mean: 1, sd: 1, interval: [-8, 10] as const, count: 2 },
  };
  const columns = Object.keys(values);
  const shown = tableCells({ groupBy: [], columns, rows: [{ key: {}, runs: 2, values }] });
  assert.deepEqual(shown.cells[0].slice(2), ["90.00 ± 5.00 [45.00, 100.00]", "1 ± 1 [-8, 10]"]);
});

/** Arguments, and what must be said of them. */
const MISTAKES: [args: string[], says: RegExp][] = [
  [[], /missing required argument 'FOLDER'/],
  [["none"], /none": there is no such file or folder/],
  [["."], /Cannot tabulate ".*": found no finished run$/m],
  [["runs", "--where", "seed=9"], /found no finished run with seed=9/],
  [["runs", "--where", "seed"], /found "seed", need KEY=VALUE/],
  [["runs", "--columns", "acuracy"], /did you mean "accuracy"\?/],
  [["runs", "--group-by", "metod"], /did you mean "method"\?/],
  [["runs", "--compare", "fd"], /found 1 value, need two/],
  [["runs", "--compare", "fd,rd"], /none with method "rd"/],
  [["runs", "--format", "xml"], /'xml' is invalid/],
  [["runs", "--format", "parquet"], /Cannot print a Parquet file: need --out FILE/],
];

for (const [args, says] of MISTAKES) {
  Deno.test(`results ${args.join(" ")} is told in one sentence`, async () => {
    const { code, stdout, stderr } = await runTask("results", args, { from });
    assert.equal(code, 2, stderr);
    assert.equal(stdout, "");
    assert.match(stderr, /^Cannot [^\n]*\n$/);
    assert.match(stderr, says);
  });
}
