import assert from "node:assert/strict";
import { loadAutoencoder } from "../../lib/autoencoder/mod.ts";
import { isThere, readText, writeFile } from "../files.ts";
import { commonCauses, RELEVANT } from "../selection/common_causes.ts";
import { runTask } from "./run_task.ts";
import { folderWithTable } from "./tiny_run.ts";

const short = ["--epochs", "2", "--hidden", "9"];

Deno.test("select-features finds related columns in a table without a target", async () => {
  const from = folderWithTable();
  const { features, rows, columns, featureNames } = commonCauses(1200, 2);
  const lines = Array.from({ length: rows }, (_, row) => {
    return features.subarray(row * columns, (row + 1) * columns).join(",");
  });
  writeFile(`${from}/wide.csv`, `${featureNames.join(",")}\n${lines.join("\n")}\n`);
  const args = ["wide.csv", "-k", "20", "--out", "chosen.txt", "--scores", "scores.csv", "--json"];
  const { code, stdout, stderr } = await runTask("select-features", args, { from });
  assert.equal(code, 0, stderr);
  const found = JSON.parse(stdout);
  assert.deepEqual([found.by, found.rows, found.columns.length], ["strength", 1200, 300]);
  const relevant = RELEVANT.map((column) => `x${column}`);
  const hits = found.chosen.filter((name: string) => relevant.includes(name));
  assert.ok(hits.length >= 14, `${hits.length} of 20`);
  assert.deepEqual(readText(`${from}/chosen.txt`), found.chosen.join("\n") + "\n");
  const [head, first, ...rest] = readText(`${from}/scores.csv`).trim().split("\n");
  assert.equal(head, "rank,column,place,score,chosen");
  const { column, place, score } = found.columns[0];
  assert.equal(first, `1,${column},${place + 1},${score},true`);
  assert.equal(rest.length, 299);
});

Deno.test("select-features by a target shows the columns that tell it, and writes nothing", async () => {
  const from = folderWithTable();
  const args = ["table.csv", "-k", "2", "--target", "class", "--epochs", "30"];
  const { code, stdout, stderr } = await runTask("select-features", args, { from });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^ +1 +a +0\.\d+$/m);
  assert.match(stdout, /^ +2 +b, "quoted" +0\.\d+$/m);
  assert.match(stdout, /^2 of \d+ columns by importance, on \d+ rows\n$/m);
});

Deno.test("select-features saves an autoencoder, which inspect shows and evaluate refuses", async () => {
  const from = folderWithTable();
  const args = ["table.csv", "-k", "2", "--ignore", "class", ...short, "--save", "it.safetensors"];
  const { code, stderr } = await runTask("select-features", args, { from });
  assert.equal(code, 0, stderr);
  assert.match(stderr, /Ignored columns: class/);
  assert.equal(loadAutoencoder(`${from}/it.safetensors`).settings.hidden[0], 9);
  const shown = await runTask("inspect", ["it.safetensors"], { from });
  assert.match(
    shown.stdout,
    /^Autoencoder, method set, seed 1\nInputs are corrupted .* gaussian 2$/m,
  );
  const json = await runTask("inspect", ["it.safetensors", "--json"], { from });
  assert.equal(JSON.parse(json.stdout).kind, "autoencoder");
  const refused = await runTask("evaluate", ["it.safetensors", "table.csv"], { from });
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /found a Sparsemble autoencoder file, need a Sparsemble model file/);
});

Deno.test("select-features refuses what does not go together, in a sentence", async () => {
  const from = folderWithTable();
  for (
    const [args, message] of [
      [["-k", "99"], /found 99 count, need an integer from 1 to \d+/],
      [["-k", "1", "--by", "importance"], /found no --target, need --target COLUMN/],
      [["-k", "1", "--by", "strength", "--target", "class"], /--ignore COLUMN keeps a target out/],
      [["-k", "1", "--target", "class", "--save", "x"], /Cannot use --save: found --target/],
      [[], /required option/],
    ] as const
  ) {
    const { code, stdout, stderr } = await runTask("select-features", ["table.csv", ...args], {
      from,
    });
    assert.equal(code, 2, stderr);
    assert.equal(stdout, "");
    assert.match(stderr, message);
  }
  assert.ok(!isThere(`${from}/x`));
});
