/**
 * What a user sees who made a mistake: one sentence, on standard error, and an exit status that a
 * script can rely on (2: a mistake, 1: a failure). Never a stack trace, unless asked for.
 */
import assert from "node:assert/strict";
import { namesIn, newFolder, readBytes, writeFile } from "../../files.ts";
import { runTask, type TaskOutput, taskProcess } from "../run_task.ts";
import { COLUMNS, tinyOptions, tinyTable } from "../tiny_run.ts";

/** A folder with a table, a model, and files that are broken in one way each. */
const from = newFolder();
writeFile(`${from}/table.csv`, tinyTable());
const { code, stderr } = await runTask(
  "train",
  ["table.csv", "--target", "class", "--out", "run", ...tinyOptions()],
  { from },
);
if (code !== 0) throw new Error(stderr);
const model = readBytes(`${from}/run/model.safetensors`);
writeFile(`${from}/truncated.safetensors`, model.subarray(0, model.length - 100));
writeFile(
  `${from}/flipped.safetensors`,
  model.map((byte, i) => i === model.length - 9 ? 77 : byte),
);
writeFile(`${from}/bare.csv`, tinyTable({ columns: COLUMNS.slice(0, -1) }));
writeFile(`${from}/ids.csv`, tinyTable({ rows: 1100 }).replaceAll(/\n(?=.)/g, "\nrow"));
writeFile(`${from}/text.csv`, tinyTable().replace(/\n[^,]+,/, "\nwide,"));
writeFile(`${from}/one_class.csv`, tinyTable({ classes: ["yes", "yes"] }));
writeFile(`${from}/ragged.csv`, "a,class\n1,x\n2\n");
writeFile(`${from}/header_only.csv`, "a,class\n");
const long = `${"long".repeat(30)}.csv`;
writeFile(`${from}/${long}`, "a,class\n1,x\nwide,y\n");
writeFile(`${from}/empty.csv`, "");
writeFile(`${from}/constant.csv`, "a,class\n1,x\n1,y\n1,x\n1,y\n1,x\n1,y\n1,x\n1,y\n1,x\n1,y\n");
writeFile(`${from}/latin1.csv`, Uint8Array.of(0x61, 0x2c, 0x62, 0x0a, 0xe9, 0x2c, 0x31, 0x0a));
writeFile(`${from}/broken.csv.gz`, Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3));
writeFile(`${from}/not.json`, "{");
writeFile(`${from}/notes.txt`, "Nothing of a table");
writeFile(`${from}/photo.png`, Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0));
writeFile(`${from}/list.json`, "[]");
writeFile(`${from}/unknown.json`, `{"file": "table.csv", "target": "class", "epoch": 3}`);
Deno.mkdirSync(`${from}/runs`);
const names = namesIn(from);

const train = ["table.csv", "--target", "class"];
const target = ["--target", "class"];
const run = "run/model.safetensors";

/** Task, arguments, and what its sentence must say. */
const MISTAKES: [task: string, args: string[], says: RegExp][] = [
  ["train", [...train, "--epoch", "3"], /unknown option '--epoch' \(Did you mean --epochs\?\)/],
  ["train", [...train, "--method", "df"], /'df' is invalid; the choices are fd, rd, dist, /],
  ["train", [...train, "--method", "boostin"], /invalid; did you mean "boosting"\?; deno task/],
  ["train", [...train, "--scaling", "minmax"], /'minmax' is invalid.*none, min-max, standard/],
  ["train", [...train, "--epochs", "many"], /--epochs <count>' argument 'many' is invalid.*number/],
  ["train", [...train, "--epochs", "1.5"], /"epochs": found 1.5, need an integer/],
  ["train", [...train, "--epochs", "-1"], /"epochs": found -1, need at least 1 \(range: 1 to/],
  [
    "train",
    ["table.csv", "--task", "reconstruction"],
    /task "reconstruction", which has none, need/,
  ],
  [
    "train",
    [...train, "--ignore", "class"],
    /Cannot ignore column "class": found it as the target/,
  ],
  ["train", [...train, "--dropout", "1"], /"dropout": found 1, need less than 1/],
  ["train", [...train, "--seed", "-1"], /"seed": found -1, need at least 0/],
  ["train", [...train, "--hidden", "10,x"], /'10,x' is invalid.*number/],
  ["train", [...train, "--hidden", "10,0"], /"hidden.1": found 0, need at least 1/],
  ["train", [...train, "--drop-last-batch", "flase"], /'flase' is invalid.*true or false/],
  ["train", [...train, "--out", "a\nrm -rf b"], /found ".*a\\nrm -rf b", need texts of one line/],
  [
    "train",
    [...train, "--test-fraction", "1"],
    /"testFraction" \(--test-fraction\): found 1, need 0 or more, less/,
  ],
  ["train", [...train, "--test-fraction", "0.2", "--test", "table.csv"], /--test with --test-fr/],
  ["train", [...train, "--checkpoint-every", "-1"], /every -1 seconds: need 0/],
  [
    "train",
    [...train, "--method", "fd", "--epochs", "5", "--members", "3", "--explore", "0"],
    /5 epochs.*3 members/,
  ],
  ["train", [...train, "--epochs"], /'--epochs <count>' argument missing/],
  ["train", [...train, "more.csv"], /too many arguments/],
  ["train", ["table.csv"], /table\.csv": need --target COLUMN, one of "a", .*, "class"$/m],
  ["train", ["missing.csv"], /missing\.csv": found no such file/],
  ["train", ["runs"], /runs": found a folder, need a file/],
  ["train", ["table.csv", "--target", "klass"], /no column "klass".*"class"/],
  ["train", ["--config", "not.json", ...target], /not\.json":/],
  ["train", ["--config", "list.json", ...target], /list\.json": found no JSON object, need one/],
  ["train", ["--config", "unknown.json"], /"epoch": there is none.*did you mean "epochs"\?/],
  ["train", ["--config", "missing.json"], /missing\.json": there is no such file/],
  ["train", ["--resume", "missing"], /missing\/config\.json": there is no such file/],
  ["train", ["--resume", "run", "--epochs", "9"], /--resume with the option "epochs"/],
  ["train", ["table.csv", "--resume", "run"], /--resume with "table\.csv"/],
  ["train", ["--resume", "run"], /run": it is finished, and its model is ".*run\/model\.safete/],
  ["train", [...train, "--out", "run"], /begin a run in ".*run": .* need a folder without one/],
  ["train", ["missing.csv", ...target], /missing\.csv": .*no such file/],
  ["train", ["run", ...target], /run": /],
  ["train", ["text.csv", ...target], /text\.csv", line 2, column "a".*"wide"/],
  [
    "train",
    ["ids.csv", ...target],
    /ids\.csv", line 1\d\d\d, column "a".*more than 1000 different/,
  ],
  ["train", [...train, "--missing", "mean"], /"missing": found "mean", need "median" or "error"/],
  ["train", [...train, "--ignore", "nothing"], /no column "nothing" to ignore/],
  ["train", [...train, "--categorical", "nothing"], /no feature "nothing"/],
  [
    "train",
    [long, ...target, "--categorical", "none"],
    new RegExp(`/${long}", line 3, column "a": found "wide"`),
  ],
  ["train", ["ragged.csv", ...target], /ragged\.csv", line 3: .*1.*2/],
  ["train", ["header_only.csv", ...target], /header_only\.csv".*row/],
  ["train", ["empty.csv", ...target], /empty\.csv"/],
  ["train", ["one_class.csv", ...target], /one_class\.csv", column "class": .*one class "yes"/],
  ["train", ["constant.csv", ...target], /constant\.csv": found no feature that varies/],
  ["train", ["latin1.csv", "--target", "b"], /latin1\.csv".*UTF-8/],
  ["train", ["broken.csv.gz", ...target], /broken\.csv\.gz"/],
  ["train", [run, ...target], /model\.safetensors"/],
  ["evaluate", [run], /missing required argument 'FILE'; type: deno task evaluate MODEL FILE$/m],
  ["evaluate", [run, "missing.csv"], /missing\.csv": .*no such file/],
  [
    "evaluate",
    ["missing.safetensors", "table.csv"],
    /missing\.safetensors": there is no such file/,
  ],
  ["evaluate", ["table.csv", run], /take ".*table\.csv" for the model: need a run's folder, or/],
  [
    "evaluate",
    ["not.json", "table.csv"],
    /take ".*not\.json" for the model: need a run's folder, or/,
  ],
  ["evaluate", [run, run], /model\.safetensors"/],
  ["predict", ["truncated.safetensors", "table.csv"], /truncated\.safetensors": found/],
  [
    "predict",
    ["flipped.safetensors", "table.csv"],
    /flipped\.safetensors": found content with SHA/,
  ],
  ["predict", [run, "text.csv"], /text\.csv", line 2, column "a".*"wide"/],
  ["predict", [run, "bare.csv", "--out", "nowhere/labels.csv"], /nowhere\/labels\.csv": there is/],
  [
    "predict",
    [run, "table.csv", "--probability"],
    /unknown option.*Did you mean --probabilities\?/,
  ],
  ["predict", ["table.csv", run], /take ".*table\.csv" for the model: need a run's folder/],
  ["inspect", ["table.csv"], /table "table\.csv": need --target COLUMN, one of "a", /],
  [
    "inspect",
    ["unknown.json"],
    /inspect "unknown\.json": found JSON, need a run's folder, a model/,
  ],
  [
    "inspect",
    ["notes.txt"],
    /inspect "notes\.txt": found text, .*, or a table with --target COLUMN$/m,
  ],
  ["inspect", ["photo.png"], /inspect "photo\.png": found no model, need .*\(\.safetensors\)/],
  [
    "inspect",
    ["runs"],
    /take ".*runs" for the model: found a folder without model\.safetensors, n/,
  ],
  ["predict", [run, "https://example.org/t.csv"], /use "https:.*t\.csv" here: found an address/],
  ["train", ["s3://bucket/t.csv", ...target], /use "s3:.*t\.csv" here: found an address/],
  ["inspect", [], /missing required argument 'FILE'; type: deno task inspect FILE$/m],
];

for (const [task, args, says] of MISTAKES) {
  Deno.test(`${task} ${args.join(" ")} is told in one sentence`, async () => {
    const output = await runTask(task, args, { from });
    assertSentence(output, 2);
    assert.match(output.stderr, says);
    assert.deepEqual(namesIn(from), names, "files were left behind");
    assert.deepEqual(namesIn(`${from}/runs`), []);
  });
}

Deno.test("a failure that is nobody's mistake ends with status 1", async () => {
  const diverging = [...train, ...tinyOptions(), "--learning-rate", "1000", "--scaling", "none"];
  const diverged = await runTask("train", [...diverging, "--out", "diverged"], { from });
  assert.equal(diverged.code, 1);
  const last = diverged.stderr.trimEnd().split("\n").at(-1)!;
  assert.match(last, /^Cannot go on training: the loss is .*try a .*learning rate/);
  assert.doesNotMatch(diverged.stderr, /^ +at /m);
  await Deno.remove(`${from}/diverged`, { recursive: true });
});

Deno.test("--debug prints a stack trace", async () => {
  const { code, stderr } = await runTask("inspect", ["table.csv", "--debug"], { from });
  assert.equal(code, 2);
  assert.match(stderr, /^TypeError: Cannot inspect the table "table\.csv": need --target/);
  assert.match(stderr, /^ +at .*tasks\/inspect\.ts/m);
});

Deno.test("--help goes to standard output and is no mistake", async () => {
  for (const task of ["train", "evaluate", "predict", "inspect"]) {
    const { code, stdout, stderr } = await runTask(task, ["--help"], { from });
    assert.equal(code, 0);
    assert.equal(stderr, "");
    assert.match(stdout, new RegExp(`^Usage: deno task ${task} `));
    assert.match(stdout, /--debug/);
  }
});

Deno.test("no task writes control characters where there is no terminal", async () => {
  const args = [...train, ...tinyOptions(), "--out", "plain"];
  const outputs = [
    await runTask("train", args, { from }),
    await runTask("inspect", [run], { from }),
    await runTask("evaluate", [run, "table.csv"], { from }),
    await runTask("predict", [run, "table.csv"], { from }),
    await runTask("train", ["--help"], { from }),
    await runTask("train", ["--bad"], { from }),
  ];
  await Deno.remove(`${from}/plain`, { recursive: true });
  for (const { stdout, stderr } of outputs) {
    assert.ok(`${stdout}${stderr}`.length > 20);
    // deno-lint-ignore no-control-regex
    assert.doesNotMatch(stdout + stderr, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  }
});

/** Nothing but one line, on standard error. */
function assertSentence({ code, stdout, stderr }: TaskOutput, expected: number): void {
  assert.equal(stdout, "");
  assert.equal(stderr.trimEnd().split("\n").length, 1, stderr);
  assert.match(stderr, /^Cannot .*[^.]\n$/);
  assert.doesNotMatch(stderr, /Error:|\bat file:|undefined|\[object/);
  assert.equal(code, expected, stderr);
}

Deno.test("the options that are named to a table too small for held-out rows do train on it", async () => {
  const from = newFolder();
  writeFile(`${from}/two.csv`, "a,b,y\n1,2,no\n3,4,yes\n");
  const args = ["two.csv", "--target", "y", "--epochs", "1", "--members", "1", "--out", "run"];
  const refused = await runTask("train", args, { from });
  assert.equal(refused.code, 2);
  const [, advice] = /; (--test-fraction .*) holds out none$/m.exec(refused.stderr) ?? [];
  const trained = await runTask("train", [...args, ...advice.split(" ")], { from });
  assert.equal(trained.code, 0, trained.stderr);
});

Deno.test("help says nothing more when its reader has had enough", async () => {
  const process = taskProcess("train", ["--help"]).spawn();
  const stderr = new Response(process.stderr).text();
  await process.stdout.cancel();
  assert.equal((await process.status).code, 1);
  assert.equal(await stderr, "");
});
