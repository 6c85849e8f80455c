import assert from "node:assert/strict";
import { load } from "../../../lib/model/model_file.ts";
import { randomStream } from "../../../lib/random.ts";
import { newFolder, readJsonFile, readText, writeFile } from "../../files.ts";
import { killAndResume } from "../../soak/kill_and_resume.ts";
import { runTask } from "../run_task.ts";
import { tinyOptions, tinyTable } from "../tiny_run.ts";

/** A table with weights from 0 to 2, among its columns. */
function folderWithWeights(): string {
  const folder = newFolder();
  const [head, ...lines] = tinyTable().trimEnd().split("\n");
  const rows = lines.map((line, row) => `${row % 5 / 2},${line}`);
  writeFile(`${folder}/table.csv`, `${[`weight,${head}`, ...rows].join("\n")}\n`);
  return folder;
}

Deno.test("train --weights weighs rows in training and in scores, evaluate as well", async () => {
  const from = folderWithWeights();
  const args = ["table.csv", "--target", "class", ...tinyOptions()];
  const run = [...args, "--weights", "weight", "--out", "run"];
  const { code, stdout, stderr } = await runTask("train", run, { from });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /Test rows: 48; all scores are weighted/);
  assert.equal(readJsonFile(`${from}/run/config.json`).weights, "weight");
  const record = readJsonFile(`${from}/run/record.json`);
  assert.equal(record.weighted, true);
  const model = load(`${from}/run/model.safetensors`);
  assert.ok(!model.preprocessing.featureNames.includes("weight"));
  const important = await runTask("importance", ["run/model.safetensors", "--json"], { from });
  assert.equal(JSON.parse(important.stdout).score, record.accuracy);

  const of = ["run/model.safetensors", "table.csv"];
  const weighted = await runTask("evaluate", [...of, "--weights", "weight", "--json"], { from });
  assert.equal(weighted.code, 0, weighted.stderr);
  assert.equal(
    weighted.stderr,
    "The model was trained on rows of this table: these scores flatter it\n",
  );
  const shown = await runTask("evaluate", [...of, "--weights", "weight"], { from });
  assert.match(shown.stdout, /^Rows are weighted by column "weight" in all scores$/m);
  assert.match(shown.stdout, /^class +weight +precision/m);
  assert.doesNotMatch(shown.stdout, /Wilson/);
  const unweighted = await runTask("evaluate", of, { from });
  assert.match(unweighted.stderr, /^Rows are not weighted here; .*: --weights weight weighs all/m);
  const predicted = await runTask("predict", of, { from });
  const classes = predicted.stdout.trimEnd().split("\n").slice(1);
  const lines = readText(`${from}/table.csv`).trimEnd().split("\n").slice(1);
  const { confusion } = JSON.parse(weighted.stdout).assessment;
  let [right, sum] = [0, 0];
  lines.forEach((line, row) => {
    const weight = Number(line.split(",")[0]);
    if (line.endsWith(`,${classes[row]}`)) right += weight;
    sum += weight;
  });
  assert.ok(Math.abs(JSON.parse(weighted.stdout).accuracy - right / sum) < 1e-12);
  assert.equal(confusion[0][0] + confusion[1][1], right);

  // Another model than without weights, and none where weights cannot be.
  const plain = await runTask("train", [...args, "--ignore", "weight", "--out", "plain"], { from });
  assert.equal(plain.code, 0, plain.stderr);
  assert.equal(readJsonFile(`${from}/plain/config.json`).weights, undefined);
  const other = load(`${from}/plain/model.safetensors`);
  assert.notDeepEqual(other.members[0].layers, model.members[0].layers);
  const wrong = await runTask("train", [...args, "--weights", "a", "--out", "wrong"], { from });
  assert.equal(wrong.code, 2);
  assert.match(
    wrong.stderr,
    /line \d+, column "a": found the weight -0\.\d{1,4}, need a finite number/,
  );
});

Deno.test("a run with weights that is killed and resumed ends with the same bytes", async () => {
  const from = folderWithWeights();
  const options = ["--weights", "weight", ...tinyOptions("fd", 60)];
  const args = [`${from}/table.csv`, "--target", "class", ...options];
  const counts = await killAndResume({ args, kills: 2, random: randomStream(7, "kills") });
  assert.equal(counts.kills, 2);
});
