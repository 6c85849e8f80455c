import assert from "node:assert/strict";
import { encodeSafetensors } from "../../lib/files/mod.ts";
import { encodeCheckpoint } from "../../lib/ensemble/training_checkpoint.ts";
import { openRun, saveRun, train, type TrainingRun } from "../../lib/ensemble/mod.ts";
import { activationIndex, strideOf } from "../../lib/kernels/mod.ts";
import { wasmKernels } from "../../lib/kernels/wasm/wasm.ts";
import { inputCount } from "../../lib/data/preprocessing/mod.ts";
import { completeSettings, type Settings } from "../../lib/settings/mod.ts";
import { openStreamedRows, type StreamedTable } from "../../lib/streams/mod.ts";
import { evaluate, gatherBatch } from "../../lib/training/mod.ts";
import { openWorkspace } from "../../lib/nn/mod.ts";
import { mixedTable, tinyRequest, tinyStream } from "./tiny_tables.ts";

const kernels = await wasmKernels();

/** A quick run, whose batches do not fit the windows. */
const SETTINGS = completeSettings({
  method: "set",
  hidden: [16, 16],
  epsilon: 4,
  members: 2,
  epochs: 6,
  batchSize: 22,
  learningRate: 0.05,
  validationFraction: 0.2,
  scaling: "quantile",
});

async function stream(other: Parameters<typeof tinyRequest>[2] = {}) {
  const options = { target: "class", ignore: ["price"] };
  const { path, table } = await tinyStream(
    tinyRequest(mixedTable(), options, { validationFraction: 0.2, ...other }),
  );
  return { path, table };
}

function runOf(path: string, table: StreamedTable, settings: Settings, saved?: TrainingRun) {
  const rows = openStreamedRows(path, table.layout);
  const classes = table.targetScaling === null ? table.table.classes.length : 1;
  const problem = { training: rows, validation: table.validation, classes };
  const state = saved && saveRun(saved);
  return { run: openRun(problem, settings, kernels, { saved: state }), rows };
}

/** The bytes of a run's state. */
function bytesOf(run: TrainingRun): Uint8Array[] {
  const seconds = { train: 0, topology: 0, evaluate: 0, total: 0, cpu: 0 };
  const context = { data: "", kernels: "wasm", seconds };
  const { tensors, metadata } = encodeCheckpoint(saveRun(run), run.settings, context);
  return encodeSafetensors(tensors, metadata);
}

Deno.test("a network learns from streamed rows, and goes on after any batch with the same bytes", async () => {
  const { path, table } = await stream();
  const { run: whole, rows } = runOf(path, table, SETTINGS);
  const losses: number[] = [];
  let batches = 0;
  for (const event of train(whole)) {
    if (event.type === "batch") batches++;
    if (event.type === "epoch") losses.push(event.validationLoss!);
  }
  const wanted = bytesOf(whole);
  assert.equal(batches, 12 * Math.floor(table.layout.rows / 22));
  // The loss of who knows the shares of the classes, and nothing else.
  const { labels } = table.validation!;
  const shares = [0, 1, 2].map((own) => labels.filter((label) => label === own).length / 60);
  const prior = -shares.reduce((sum, share) => sum + share * Math.log(share), 0);
  assert.ok(Math.min(...losses) < 0.6 * prior, `${losses}, ${prior}`);
  rows.dispose();
  for (const stopAt of [1, 10, 47]) {
    const first = runOf(path, table, SETTINGS);
    let count = 0;
    for (const event of train(first.run)) {
      if (event.type === "batch" && ++count === stopAt) break;
    }
    const second = runOf(path, table, SETTINGS, first.run);
    first.rows.dispose();
    first.run.dispose();
    for (const _ of train(second.run));
    assert.deepEqual(bytesOf(second.run), wanted, `after ${stopAt}`);
    second.rows.dispose();
    second.run.dispose();
  }
  whole.dispose();
});

Deno.test("gradients that ask for a batch again find it, though its window has gone", async () => {
  const { path, table } = await stream();
  const settings = completeSettings({
    ...{ method: "rigl", hidden: [16, 16], epsilon: 4, epochs: 4, batchSize: 22 },
    updateSteps: 3,
  });
  const bytes = () => {
    const { run, rows } = runOf(path, table, settings);
    for (const _ of train(run));
    rows.dispose();
    const own = bytesOf(run);
    run.dispose();
    return own;
  };
  assert.deepEqual(bytes(), bytes());
});

Deno.test("batches are those of the windows' order, and scores those of the same rows in memory", async () => {
  const { path, table } = await stream({ validationFraction: 0 });
  const { run, rows } = runOf(path, table, { ...SETTINGS, validationFraction: 0 });
  const columns = inputCount(table.preprocessing);
  // The whole file in one window is the same rows in memory.
  using all = openStreamedRows(path, { ...table.layout, windowBlocks: 1000 });
  const { rows: inMemory } = all.stream.window(null, 0);
  assert.deepEqual([inMemory.rows, inMemory.columns], [300, columns]);
  const { network, workspace } = run.stage;
  assert.deepEqual(evaluate(network, workspace, rows), evaluate(network, workspace, inMemory));
  const other = openWorkspace(network, SETTINGS.batchSize, true);
  for (let start = 0; start < 300; start += 22) {
    const size = gatherBatch(workspace, rows, null, start, 22);
    assert.equal(gatherBatch(other, inMemory, null, start, 22), size);
    for (let b = 0; b < size; b++) {
      for (let column = 0; column < columns; column++) {
        const place = activationIndex(columns, strideOf(size), column, b);
        assert.equal(workspace.input[place], other.input[place]);
      }
    }
    assert.deepEqual(workspace.labels.subarray(0, size), other.labels.subarray(0, size));
  }
  rows.dispose();
  run.dispose();
});

Deno.test("numbers are predicted from streamed rows", async () => {
  const options = { target: "price", task: "regression", ignore: ["class"] } as const;
  const request = tinyRequest(mixedTable(), options, { validationFraction: 0.2 });
  const { path, table } = await tinyStream(request);
  const settings = completeSettings({
    ...{ method: "set", task: "regression", hidden: [16, 16], epsilon: 4 },
    ...{ members: 1, epochs: 20, batchSize: 22 },
  });
  const { run, rows } = runOf(path, table, settings);
  for (const _ of train(run));
  assert.ok(run.progress.members[0].validationLoss! < 0.3);
  rows.dispose();
  run.dispose();
});
