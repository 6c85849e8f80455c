/** The playground's worker without a browser: what it answers, against the library called by hand. */
import assert from "node:assert/strict";
import { builtinDatasetPath, importance, load, randomStream, readDataset } from "../../mod.ts";
import { scoreMembers, splitDataset } from "../../mod.ts";
import type { Answer, Request } from "../../lib/playground/messages.ts";
import { openSession } from "../../lib/playground/worker/mod.ts";
import { messageOf } from "../../lib/playground/worker/plain_words.ts";
import { newFolder, readBytes, writeFile } from "../files.ts";

/** Asks a session, and gives all that it has answered. */
async function conversation(requests: readonly Request[]): Promise<Answer[]> {
  const answers: Answer[] = [];
  const session = openSession((answer) => answers.push(answer));
  for (const request of requests) await session.hear(request);
  return answers;
}

/** The answers of a type. */
function ofType<Type extends Answer["type"]>(answers: readonly Answer[], type: Type) {
  return answers.filter((answer): answer is Extract<Answer, { type: Type }> =>
    answer.type === type
  );
}

/** The answer of a type that comes once. */
function only<Type extends Answer["type"]>(answers: readonly Answer[], type: Type) {
  const found = ofType(answers, type);
  assert.equal(found.length, 1, `${type}: ${JSON.stringify(ofType(answers, "failed"))}`);
  return found[0];
}

const segment = () => readBytes(builtinDatasetPath("segment"));
const text = (content: string) => new TextEncoder().encode(content);

Deno.test("a table is opened, trained on, scored and saved", async () => {
  const { dataset } = await readDataset(builtinDatasetPath("segment"), { target: "class" });
  const { test } = splitDataset(dataset, 0.2, randomStream(1, "test"));
  const row = Array.from(test.features.subarray(0, test.columns));
  const answers = await conversation([
    { type: "open", name: "segment.csv.gz", bytes: segment() },
    { type: "describe", target: "class" },
    { type: "describe", target: "hue-mean" },
    { type: "train", target: "class", task: "classification", members: 1 },
    { type: "predict", row },
    { type: "save" },
  ]);
  const { table } = only(answers, "opened");
  assert.deepEqual(table.columns, [...dataset.featureNames, "class"]);
  assert.equal(table.preview.length, 5);
  assert.equal(table.rows, 2310);
  assert.deepEqual(table.preview[0].slice(0, 3).map(Number), [...dataset.features.slice(0, 3)]);
  assert.deepEqual(ofType(answers, "described").map(({ described }) => described), [
    { target: "class", rows: 2310, different: 7, task: "classification" },
    {
      target: "hue-mean",
      rows: 2310,
      different: new Set(valuesOf(dataset, "hue-mean")).size,
      task: "regression",
    },
  ]);

  const { plan } = only(answers, "began");
  const epochs = ofType(answers, "epoch").map(({ news }) => news);
  assert.equal(plan.trainingRows + plan.heldOutRows + plan.testRows, 2310);
  assert.deepEqual(epochs.map(({ epoch }) => epoch), epochs.map((_, k) => k + 1));
  assert.equal(epochs.length, plan.epochs);
  assert.ok(epochs.at(-1)!.loss < epochs[0].loss / 2);

  const saved = only(answers, "saved");
  assert.equal(saved.name, "segment.safetensors");
  const path = `${newFolder()}/${saved.name}`;
  writeFile(path, saved.bytes);
  const model = load(path);
  const { outcome } = only(answers, "finished");
  const { accuracy, assessment } = scoreMembers(model, test);
  assert.ok(outcome.score.kind === "classes");
  assert.equal(outcome.score.accuracy, accuracy);
  assert.deepEqual(outcome.score.confusion, assessment.confusion);
  assert.equal(outcome.fileBytes, saved.bytes.length);
  // region-pixel-count is 9 in every row.
  assert.deepEqual(outcome.columns.map((column) => column === null).indexOf(true), 2);
  assert.deepEqual(outcome.rows[0].cells, row);
  assert.equal(outcome.rows[0].truth, dataset.classes[test.labels[0]]);

  const { prediction } = only(answers, "predicted");
  assert.ok(prediction.kind === "classes");
  const sum = prediction.probabilities.reduce((sum, probability) => sum + probability, 0);
  assert.ok(Math.abs(sum - 1) < 1e-5);

  const news = only(answers, "importance");
  if (news.rows === test.rows) {
    const { columns } = importance(model, test, { repeats: 5 });
    assert.deepEqual(news.columns.map(({ loss }) => loss), columns.map(({ loss }) => loss));
  }
});

/** The values of a column. */
function valuesOf(
  { features, columns, featureNames }: {
    features: Float32Array;
    columns: number;
    featureNames: readonly string[];
  },
  name: string,
): number[] {
  const column = featureNames.indexOf(name);
  return Array.from(features).filter((_, i) => i % columns === column);
}

Deno.test("a column of amounts is more likely numbers, and one of dates is not", async () => {
  const rows = Array.from(
    { length: 30 },
    (_, row) => `${row},$${row},000,2024-01-${10 + row % 20}`,
  );
  const table = `a;price;day\n${rows.join("\n").replaceAll(/,(?=\$|2024)/g, ";")}\n`;
  const answers = await conversation([
    { type: "open", name: "t.csv", bytes: text(table) },
    { type: "describe", target: "price" },
    { type: "describe", target: "day" },
  ]);
  const tasks = ofType(answers, "described").map(({ described: { task } }) => task);
  assert.deepEqual(tasks, ["regression", "classification"]);
});

Deno.test("rows without a target are left out, and the same command says so", async () => {
  let table = "length,width,species\n";
  for (let row = 0; row < 120; row++) {
    table += `${row % 8},${row % 5},${row % 10 === 0 ? "" : row % 8 < 4 ? "short" : "long"}\n`;
  }
  const answers = await conversation([
    { type: "open", name: "my flowers.csv", bytes: text(table) },
    { type: "train", target: "species", task: "classification", members: 1 },
  ]);
  assert.deepEqual(only(answers, "began").plan.remarks, [
    'Rows that are left out, without "species": 12',
  ]);
  assert.match(
    only(answers, "finished").outcome.commands.train,
    /^deno task train 'my flowers\.csv' --target species --missing-target skip --members 1 /,
  );
});

Deno.test("whatever cannot be done is told in a sentence, in the words of the page", async () => {
  const failure = async (table: string, request: Request) => {
    const open: Request = { type: "open", name: "t.csv", bytes: text(table) };
    const [, failed] = await conversation([open, request]);
    assert.equal(failed.type, "failed");
    return failed.type === "failed" ? failed.message : "";
  };
  const train = (target: string, task: "classification" | "regression"): Request => {
    return { type: "train", target, task, members: 1 };
  };
  assert.match(
    await failure("a,b\n1,x\n2,y\n3,z\n", train("b", "regression")),
    /^Cannot read "t\.csv", line 2, column "b": found "x", need a number; choose "a class" for texts$/,
  );
  const names = Array.from({ length: 30 }, (_, row) => `${row},name ${row}\n`).join("");
  assert.match(
    await failure(`a,b\n${names}`, train("b", "classification")),
    /found 30 rows of as many classes.*; are the 30 classes numbers \(choose "a number"\)/,
  );
  assert.match(
    await failure("a,b\n1,x\n1,y\n1,x\n1,y\n1,x\n1,y\n", train("b", "classification")),
    /^Cannot learn from "t\.csv": found no feature that varies/,
  );
  assert.equal(
    await failure("a,b\n1,2\n", { type: "describe", target: "c" }),
    'Cannot read "t.csv", line 1: found no column "c" (columns: "a", "b")',
  );
  const error = new WebAssembly.CompileError("unknown opcode");
  assert.match(messageOf(error), /^Cannot train in this browser: /);
  const [early] = await conversation([{ type: "save" }]);
  assert.deepEqual(early, {
    type: "failed",
    request: "save",
    message: "Cannot go on: found no table, need one first",
  });
});
