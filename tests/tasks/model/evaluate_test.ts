import assert from "node:assert/strict";
import { readText, writeFile } from "../../files.ts";
import { runTask } from "../run_task.ts";
import { folderWithTable, tinyOptions, tinyTable } from "../tiny_run.ts";

async function trained(): Promise<{ from: string; record: Record<string, unknown> }> {
  const from = folderWithTable();
  writeFile(`${from}/test.csv`, tinyTable({ rows: 70, seed: 2 }));
  const args = ["table.csv", "--target", "class", "--test", "test.csv", "--out", "run", "--json"];
  const { code, stdout, stderr } = await runTask("train", [...args, ...tinyOptions()], { from });
  assert.equal(code, 0, stderr);
  return { from, record: JSON.parse(stdout) };
}

Deno.test("evaluate finds the accuracies that the run's record has", async () => {
  const { from, record } = await trained();
  const args = ["run/model.safetensors", "test.csv", "--json"];
  const { code, stdout, stderr } = await runTask("evaluate", args, { from });
  assert.equal(code, 0, stderr);
  const result = JSON.parse(stdout);
  assert.deepEqual(result.ignoredColumns, []);
  assert.equal(result.testRows, 70);
  // Whatever both tell has the same name, and the same place.
  for (const key of ["accuracy", "testRows", "probabilities", "assessment"]) {
    assert.deepEqual(result[key], record[key], key);
  }
  assert.equal(result.accuracy, record.accuracy);
  const members = record.members as { number: number; accuracy: number }[];
  assert.deepEqual(result.members, members.map(({ number, accuracy }) => ({ number, accuracy })));
  assert.equal(stderr, "");
  const { confusion, byClass, baseline, interval } = result.assessment;
  assert.equal((confusion[0][0] + confusion[1][1]) / 70, result.accuracy);
  assert.ok(interval.low < result.accuracy && result.accuracy < interval.high);

  const table = await runTask("evaluate", args.slice(0, 2), { from });
  const shown = `${(100 * (record.accuracy as number)).toFixed(2)} %`;
  assert.match(table.stdout, new RegExp(`ensemble of 2 *│ *${shown}`));
  const percent = (share: number) => (100 * share).toFixed(1);
  const most = `always "${baseline.class}", .*: ${percent(baseline.accuracy)} % right`;
  assert.match(table.stdout, new RegExp(`^Baseline: ${most}$`, "m"));
  for (const [c, name] of ["no", "yes"].entries()) {
    const { rows, precision, recall } = byClass[c];
    const cells = [rows, percent(precision), percent(recall)].join(" +");
    assert.match(table.stdout, new RegExp(`^${name} +${cells} `, "m"));
    assert.match(table.stdout, new RegExp(`^${name} +${confusion[c].join(" +")}$`, "m"));
  }
});

Deno.test("evaluate agrees with the labels that predict writes", async () => {
  const { from } = await trained();
  const model = "run/model.safetensors";
  const predicted = await runTask("predict", [model, "test.csv"], { from });
  const evaluated = await runTask("evaluate", [model, "test.csv", "--json"], { from });
  const labels = readText(`${from}/test.csv`).trimEnd().split("\n").slice(1)
    .map((line) => line.split(",").at(-1));
  const right = predicted.stdout.trimEnd().split("\n").slice(1)
    .filter((label, row) => label === labels[row]);
  assert.equal(JSON.parse(evaluated.stdout).accuracy, right.length / labels.length);
});

Deno.test("evaluate scores the probabilities that predict writes, calibrated as the model says", async () => {
  const from = folderWithTable();
  writeFile(`${from}/test.csv`, tinyTable({ rows: 70, seed: 2 }));
  const args = ["table.csv", "--target", "class", "--out", "run", ...tinyOptions()];
  const trained = await runTask("train", [...args, "--calibration", "temperature"], { from });
  assert.equal(trained.code, 0, trained.stderr);
  const model = "run/model.safetensors";
  const written = await runTask("predict", [model, "test.csv", "--probabilities"], { from });
  const [head, ...lines] = written.stdout.trimEnd().split("\n").map((line) => line.split(","));
  const labels = readText(`${from}/test.csv`).trimEnd().split("\n").slice(1)
    .map((line) => line.split(",").at(-1));
  const losses = lines.map((line, row) =>
    -Math.log(Number(line[head.indexOf(`probability of ${labels[row]}`)]))
  );
  const evaluated = await runTask("evaluate", [model, "test.csv", "--json"], { from });
  const { logLoss, brier, calibrationError } = JSON.parse(evaluated.stdout).probabilities;
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  assert.ok(Math.abs(logLoss - mean) < 1e-4 * mean, `${logLoss}, ${mean}`);
  assert.ok(brier > 0 && brier < 2 && calibrationError > 0 && calibrationError < 1);
  const shown = await runTask("evaluate", [model, "test.csv"], { from });
  assert.match(
    shown.stdout,
    new RegExp(`^The ensemble's probabilities: log loss ${logLoss.toPrecision(4)}, Brier `, "m"),
  );
  const inspected = await runTask("inspect", [model], { from });
  assert.match(inspected.stdout, /^Probabilities are calibrated: temperature \d/m);
});

Deno.test("evaluate refuses a class the model has never seen, naming line and column", async () => {
  const { from } = await trained();
  const text = readText(`${from}/test.csv`).trimEnd();
  writeFile(`${from}/new.csv`, `${text.replace(/[^,]*$/, "perhaps")}\n`);
  const { code, stderr } = await runTask("evaluate", ["run/model.safetensors", "new.csv"], {
    from,
  });
  assert.equal(code, 2);
  assert.match(stderr, /^Cannot read ".*new\.csv", line 71.*column.*"perhaps".*"no", "yes"\n$/);
});
