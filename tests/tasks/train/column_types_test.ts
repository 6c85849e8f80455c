import assert from "node:assert/strict";
import { newFolder, readJsonFile, writeFile } from "../../files.ts";
import { randomStream } from "../../../lib/random.ts";
import { runTask } from "../run_task.ts";
import { tinyOptions } from "../tiny_run.ts";

/** A table whose class follows from a category, and from where a number is missing. */
function mixedTable(rows = 240): string {
  const random = randomStream(1, "mixed table");
  const lines = ["colour,size,class"];
  for (let row = 0; row < rows; row++) {
    const colour = ["red", '"gr,een"', '"say ""hi"""', "蓝"][random.below(4)];
    const isMissing = random.float() < 0.5;
    const size = isMissing ? "?" : random.float().toFixed(3);
    lines.push(`${colour},${size},${(colour === "red") === isMissing ? "yes" : "no"}`);
  }
  return `${lines.join("\n")}\n`;
}

Deno.test("a table with categories and missing values is learnt from, and predicted whatever turns up", async () => {
  const from = newFolder();
  writeFile(`${from}/table.csv`, mixedTable());
  const epochs = [...tinyOptions("fd", 40), "--learning-rate", "0.05"];
  const train = ["table.csv", "--target", "class", ...epochs, "--out", "run"];
  const { code, stdout, stderr } = await runTask("train", [...train, "--json"], { from });
  assert.equal(code, 0, stderr);
  assert.match(stderr, /^ {2}categories: colour \(4\)$/m);
  assert.match(
    stderr,
    /^ {2}numbers: size \(\d+ missing\)\n {2}missing numbers become the median of the training rows/m,
  );
  // Neither can be told without both the category and what is missing.
  assert.ok(JSON.parse(stdout).accuracy > 0.95, stdout);

  writeFile(`${from}/new.csv`, 'size,colour\n,red\n0.5,red\n0.4,"gr,een"\nNA,mauve\n,\n');
  const predicted = await runTask("predict", ["run/model.safetensors", "new.csv"], { from });
  assert.equal(predicted.code, 0, predicted.stderr);
  assert.match(predicted.stdout, /^class\nyes\nno\nyes\n(yes|no)\n(yes|no)\n$/);
  assert.match(predicted.stderr, /^Missing values: 4 \(colour 1, size 3\)$/m);
  assert.match(predicted.stderr, /^Categories that no training row had: 1 \(colour 1\)$/m);

  writeFile(`${from}/test.csv`, "size,colour,class\n,red,yes\n0.5,pink,yes\n");
  const evaluate = ["run/model.safetensors", "test.csv", "--json"];
  const evaluated = await runTask("evaluate", evaluate, { from });
  assert.equal(evaluated.code, 0, evaluated.stderr);
  assert.deepEqual(JSON.parse(evaluated.stdout).unusualValues, [
    { column: "colour", missing: 0, unseen: 1 },
    { column: "size", missing: 1, unseen: 0 },
  ]);
});

Deno.test("train can be told to refuse missing values and text", async () => {
  const from = newFolder();
  writeFile(`${from}/table.csv`, mixedTable());
  const train = ["table.csv", "--target", "class", ...tinyOptions(), "--out", "run"];
  const cases: [options: string[], says: RegExp][] = [
    [["--missing", "error"], /line \d+, column "size": found "\?", a missing value/],
    [["--categorical", "none"], /line 2, column "colour": found ".*", need a number/],
    [["--categorical", "none,size"], /^Cannot combine --categorical none with names/m],
  ];
  for (const [options, says] of cases) {
    const { code, stderr } = await runTask("train", [...train, ...options], { from });
    assert.equal(code, 2, stderr);
    assert.match(stderr, says);
  }
  const ignoring = ["--ignore", "colour", "--categorical", "none"];
  const { code, stderr } = await runTask("train", [...train, ...ignoring], { from });
  assert.equal(code, 0, stderr);
});

Deno.test("--categorical means the same in every task: columns beside those that are found", async () => {
  const from = newFolder();
  const rows = Array.from(
    { length: 60 },
    (_, i) => `${10_115 + i % 5},2024-03-1${i % 10},${["oak", "ash"][i % 2]},${i % 3},${i % 2}`,
  );
  writeFile(`${from}/t.csv`, ["zip,day,kind,auto,y", ...rows].join("\n"));
  const kinds = async (task: string, ...args: string[]) => {
    const { code, stdout, stderr } = await runTask(task, ["t.csv", "--target", "y", ...args], {
      from,
    });
    assert.equal(code, 0, stderr);
    return { stdout, stderr };
  };
  for (const words of [["zip"], ["auto,zip"], ["auto", "zip"], ["zip", "day"]]) {
    const given = words.flatMap((word) => ["--categorical", word]);
    const { stdout } = await kinds("inspect", ...given);
    assert.match(stdout, /│ zip +│ 5 categories/);
    assert.match(stdout, words.includes("day") ? /│ day +│ 10 categories/ : /│ day +│ dates/);
    assert.match(stdout, /│ kind +│ 2 categories/);
    // A column may have the name of a word, where it is not alone.
    const named = words.some((word) => /auto/.test(word));
    assert.match(stdout, named ? /│ auto +│ 3 categories/ : /│ auto +│ numbers/);
  }
  for (const word of ["auto", "auto,auto"]) {
    assert.match((await kinds("inspect", "--categorical", word)).stdout, /│ zip +│ numbers/);
  }
  const train = await kinds("train", ...tinyOptions(), "--categorical", "zip", "--out", "run");
  assert.match(train.stderr, /^ {2}categories: zip \(5\), kind \(2\)$/m);
  assert.match(train.stderr, /^ {2}dates, in days since 2024-03-10: day$/m);
  assert.deepEqual(readJsonFile(`${from}/run/config.json`).categorical, ["zip"]);
  for (const task of ["inspect", "compare", "select-features"]) {
    const args = ["t.csv", "--target", "y", "--categorical", "none"];
    if (task === "select-features") args.push("--count", "2");
    const refused = await runTask(task, args, { from });
    assert.equal(refused.code, 2, task);
    assert.match(refused.stderr, /line 2, column "day": found "2024-03-10", need a number$/m);
  }
});

Deno.test("--ignore and --categorical name columns with commas, blanks or no name at all", async () => {
  const from = newFolder();
  const rows = Array.from({ length: 60 }, (_, i) => `${i},${i % 7},${i % 3},${i},${i % 2}`);
  writeFile(`${from}/t.csv`, [',"a, b", c,"d ""e""",y', ...rows].join("\n"));
  const config = async (...args: string[]) => {
    const out = `run${Math.random()}`;
    const all = ["t.csv", "--target", "y", ...tinyOptions(), "--out", out, ...args];
    const { code, stderr } = await runTask("train", all, { from });
    assert.equal(code, 0, stderr);
    return { ...readJsonFile(`${from}/${out}/config.json`), stderr };
  };
  const exact = await config("--ignore", "a, b", "--ignore", " c");
  assert.deepEqual(exact.ignore, ["a, b", " c"]);
  assert.match(exact.stderr, /A column without a name is called "column 1"/);
  const quoted = await config("--ignore", '"d ""e""", c,column 1', "--categorical", "none");
  assert.deepEqual(quoted.ignore, ['d "e"', " c", "column 1"]);
  assert.deepEqual(quoted.categorical, []);
  assert.deepEqual((await config("--ignore", "")).ignore, [""]);
});

Deno.test("rows without a target are left out by train and evaluate where that is asked for", async () => {
  const from = newFolder();
  const rows = Array.from({ length: 60 }, (_, i) => `${i},${["u", "v", "u "][i % 3]}`);
  writeFile(`${from}/t.csv`, ["x,y", ...rows, "7,", "8,NA"].join("\n"));
  const train = ["t.csv", "--target", "y", ...tinyOptions(), "--out", "run"];
  const refused = await runTask("train", train, { from });
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /line 62.*--missing-target skip leaves such rows out$/m);
  const skip = ["--missing-target", "skip"];
  const { code, stderr } = await runTask("train", [...train, ...skip], { from });
  assert.equal(code, 0, stderr);
  assert.match(stderr, /^Rows that are left out, without "y": 2$/m);
  assert.match(stderr, /^Labels that are written in several ways are one class: "u"$/m);
  const evaluated = await runTask("evaluate", ["run/model.safetensors", "t.csv", ...skip], {
    from,
  });
  assert.match(evaluated.stdout, /60 rows/);
  assert.match(evaluated.stderr, /without "y": 2$/m);
});

Deno.test("amounts, dates and dashes are read alike by train, evaluate and predict, and kept in the model", async () => {
  const from = newFolder();
  const random = randomStream(2, "amounts");
  const lines = Array.from({ length: 240 }, () => {
    const amount = Math.round(9000 * random.float());
    const day = new Date(86_400_000 * Math.round(20_000 * random.float())).toISOString().slice(
      0,
      10,
    );
    const low = random.float() < 0.1 ? "-" : random.below(9);
    return `"$${amount.toLocaleString("en-US")}",${day},${low},${amount > 4500 ? "dear" : "cheap"}`;
  });
  writeFile(`${from}/t.csv`, ["price,day,low,y", ...lines].join("\n"));
  const train = [
    "t.csv",
    "--target",
    "y",
    ...tinyOptions("fd", 30),
    "--out",
    "run",
    "--test",
    "t.csv",
  ];
  const { code, stdout, stderr } = await runTask("train", [...train, "--json"], { from });
  assert.equal(code, 0, stderr);
  assert.match(stderr, /^ {2}amounts in \$: price$/m);
  assert.match(stderr, /^ {2}dates, in days since \d{4}-\d\d-\d\d: day$/m);
  assert.match(stderr, /^ {2}numbers, "-" as a missing value: low \(\d+ missing\)$/m);
  assert.doesNotMatch(stderr, /is read as/);
  const { accuracy } = JSON.parse(stdout);
  assert.ok(accuracy > 0.9, `${accuracy}`);
  const model = "run/model.safetensors";
  const evaluated = await runTask("evaluate", [model, "t.csv", "--json"], { from });
  assert.equal(JSON.parse(evaluated.stdout).accuracy, accuracy, evaluated.stderr);
  const predicted = await runTask("predict", [model, "t.csv"], { from });
  const right = predicted.stdout.trimEnd().split("\n").slice(1)
    .filter((label, row) => label === lines[row].split(",").at(-1));
  assert.equal(right.length / 240, accuracy);
});

Deno.test("train says of times in seconds that 32 bits cannot tell them apart, and not that they are constant", async () => {
  const from = newFolder();
  const rows = Array.from({ length: 60 }, (_, i) => `${1_700_000_000 + i},7,${i % 7},${i % 2}`);
  writeFile(`${from}/table.csv`, `time,seven,x,y\n${rows.join("\n")}\n`);
  const train = ["table.csv", "--target", "y", ...tinyOptions(), "--out", "run"];
  const { code, stderr } = await runTask("train", train, { from });
  assert.equal(code, 0, stderr);
  assert.match(stderr, /^Column "seven" is left out: it is 7 in all rows$/m);
  assert.match(
    stderr,
    /^Column "time" is left out: it is too large for its differences: 1700000000 to 1700000000, where 32-bit floats are 128 apart; /m,
  );
});
