import assert from "node:assert/strict";
import { load, randomStream } from "../../../mod.ts";
import { newFolder, readBytes, readJsonFile, readText, writeFile } from "../../files.ts";
import { runTask } from "../run_task.ts";

/** A table of prices: a number, a category and a gap. */
function prices(rows = 300): string {
  const random = randomStream(2, "prices");
  const lines = ["size,town,price"];
  for (let row = 0; row < rows; row++) {
    const size = 20 + 100 * random.float();
    const town = ["Aa", "Bb"][random.below(2)];
    const shown = random.float() < 0.05 ? "" : size.toFixed(2);
    lines.push(`${shown},${town},${Math.round(3000 * size + (town === "Aa" ? 1e5 : 0))}`);
  }
  return `${lines.join("\n")}\n`;
}

const options = [
  ...[
    "--target",
    "price",
    "--task",
    "regression",
    "--method",
    "fd",
    "--hidden",
    "24,24",
    "--epsilon",
    "4",
  ],
  ...["--epochs", "40", "--explore", "10", "--members", "2", "--batch-size", "16"],
  ...["--kernels", "wasm"],
];

Deno.test("numbers are learnt, scored and predicted by the tasks, in their own unit", async () => {
  const from = newFolder();
  writeFile(`${from}/table.csv`, prices());
  const train = ["table.csv", ...options, "--out", "run"];
  const plain = await runTask("train", train, { from });
  assert.equal(plain.code, 0, plain.stderr);
  assert.match(plain.stdout, /RMSE +│ MAE +│ R² +│ validation RMSE │ epoch │ weights/);
  assert.match(plain.stdout, /Test rows: 60; RMSE and MAE in the unit of "price"/);
  assert.match(plain.stderr, /categories: town \(2\)/);
  assert.match(plain.stderr, /Member 2 is complete: epoch \d+, validation loss 0\.\d{4}/);

  const record = readJsonFile(`${from}/run/record.json`);
  assert.equal(record.accuracy, null);
  assert.ok(record.regression.r2 > 0.8, JSON.stringify(record.regression));
  assert.ok(record.regression.rmse > 100 && record.regression.mae < record.regression.rmse);
  const model = load(`${from}/run/model.safetensors`);
  record.members.forEach((member: Record<string, number>, m: number) => {
    const { validationLoss } = model.members[m];
    const rmse = Math.sqrt(validationLoss!) * model.targetScaling!.deviation;
    assert.ok(Math.abs(member.validationRmse / rmse - 1) < 1e-12);
  });
  const epochs = readText(`${from}/run/events.jsonl`).trimEnd().split("\n")
    .map((line) => JSON.parse(line)).filter(({ type }) => type === "epoch");
  assert.ok(
    epochs.every(({ accuracy, validationAccuracy, validationLoss }) =>
      accuracy === null && validationAccuracy === null && validationLoss > 0
    ),
  );

  const evaluate = ["run/model.safetensors", "table.csv", "--json"];
  const evaluated = await runTask("evaluate", evaluate, { from });
  const scores = JSON.parse(evaluated.stdout);
  assert.deepEqual([scores.testRows, scores.members.length, scores.accuracy], [300, 2, null]);
  const { rmse, mae, r2 } = scores.regression;
  assert.ok(r2 > 0.8 && rmse > 0 && mae > 0);
  assert.deepEqual(Object.keys(scores.members[0]), ["number", "accuracy", "regression"]);
  const shown = await runTask("evaluate", evaluate.slice(0, 2), { from });
  assert.match(shown.stdout, /300 rows +│ RMSE +│ MAE +│ R²/);
  assert.match(shown.stdout, /^Baseline: always the training rows' mean: RMSE \d+, MAE \d+$/m);
  assert.match(shown.stdout, /^50 % below +-?\d/m);
  assert.ok(scores.assessment.baseline.rmse > scores.regression.rmse);
  assert.equal(scores.assessment.sample.length, 300);

  writeFile(`${from}/new.csv`, "town,size\nBb,100\nAa,100\nCc,\n");
  const predicted = await runTask("predict", ["run/model.safetensors", "new.csv"], { from });
  const [head, first, second, third] = predicted.stdout.trimEnd().split("\n");
  assert.equal(head, "price");
  assert.ok(Math.abs(Number(first) - 3e5) < 5e4 && Math.abs(Number(second) - 4e5) < 5e4);
  assert.ok(Number.isFinite(Number(third)));
  const refused = ["run/model.safetensors", "new.csv", "--probabilities"];
  const { code, stderr } = await runTask("predict", refused, { from });
  assert.equal(code, 2);
  assert.equal(
    stderr.trimEnd().split("\n").at(-1),
    "Cannot tell probabilities: the model predicts numbers",
  );
  const inspected = await runTask("inspect", ["run/model.safetensors"], { from });
  assert.match(inspected.stdout, /^Predicts numbers: mean \d/m);

  const report = await runTask("report", ["run", "--out", "report.html"], { from });
  assert.equal(report.code, 0, report.stderr);
  assert.match(readText(`${from}/report.html`), /test RMSE<.*>predicted price</s);
  const again = ["--config", "run/config.json", "--out", "again"];
  assert.equal((await runTask("train", again, { from })).code, 0);
  assert.deepEqual(
    readBytes(`${from}/again/model.safetensors`),
    readBytes(`${from}/run/model.safetensors`),
  );
});

Deno.test("a target that is no number, or taken for classes, is told", async () => {
  const from = newFolder();
  writeFile(`${from}/table.csv`, prices(60));
  writeFile(`${from}/text.csv`, prices(60).replace(/\d+\n$/, "dear\n"));
  const text = await runTask("train", ["text.csv", ...options], { from });
  assert.equal(text.code, 2);
  assert.match(text.stderr, /text\.csv", line 61, column "price": found "dear", need a number/);
  const classes = await runTask("train", ["table.csv", "--target", "price"], { from });
  assert.equal(classes.code, 2);
  assert.match(
    classes.stderr,
    /are the \d+ classes numbers \(--task regression\), or names of rows\?/,
  );
});
