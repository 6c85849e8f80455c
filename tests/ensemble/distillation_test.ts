import assert from "node:assert/strict";
import { join } from "node:path";
import {
  completeSettings,
  datasetFromArrays,
  fit,
  load,
  predictValues,
  resumeRun,
  save,
  score,
  type Settings,
  startRun,
} from "../../mod.ts";
import { mixedRows } from "../../lib/ensemble/distillation/mod.ts";
import { completeConfig, type RunEvent } from "../../lib/experiments/run/mod.ts";
import { randomStream } from "../../lib/random.ts";
import { newFolder, readBytes, readJsonFile, writeFile } from "../files.ts";

const SETTINGS: Partial<Settings> = {
  hidden: [24],
  epsilon: 6,
  blockSize: 1,
  members: 3,
  trials: 1,
  epochs: 4,
  adaptToRows: false,
  candidates: [{ dropout: 0 }, { dropout: 0.2 }],
  batchSize: 32,
  kernels: "wasm",
  distil: true,
};

/** Rows in two classes: within a circle or outside. */
function rings(rows: number) {
  const random = randomStream(7, "rings");
  const features = Array.from({ length: rows }, () => [random.normal(), random.normal()]);
  return { features, radius: features.map(([x, y]) => Math.hypot(x, y)) };
}

const { features, radius } = rings(300);
const RINGS = datasetFromArrays({ features, labels: radius.map((r) => r < 1.2 ? "in" : "out") });

Deno.test("a distilled model is one member, says of how many, and has the same bytes on two threads", async () => {
  const folder = newFolder();
  const paths = await Promise.all([1, 2].map(async (threads) => {
    const model = await fit(RINGS, SETTINGS, { threads });
    assert.equal(model.members.length, 1);
    assert.deepEqual(model.distilled, { members: 3 });
    assert.ok(score(model, RINGS) > 0.85);
    const path = join(folder, `${threads}.safetensors`);
    save(model, path);
    return path;
  }));
  assert.deepEqual(readBytes(paths[0]), readBytes(paths[1]));
  const loaded = load(paths[0]);
  assert.deepEqual(loaded.distilled, { members: 3 });
  const member = await fit(RINGS, { ...SETTINGS, distil: undefined, members: 1 });
  const sizes = (layers: typeof member.members[0]["layers"]) => layers.map(({ shape }) => shape);
  assert.deepEqual(sizes(loaded.members[0].layers), sizes(member.members[0].layers));
});

Deno.test("a distilled member predicts numbers in the scale of the table", async () => {
  const dataset = datasetFromArrays({ features, targets: radius.map((r) => 1000 + 50 * r) });
  const model = await fit(dataset, { ...SETTINGS, epochs: 20 });
  const values = predictValues(model, features);
  const error = radius.reduce((sum, r, row) => sum + Math.abs(values[row] - 1000 - 50 * r), 0) /
    300;
  assert.ok(error < 15, `${error}`);
});

Deno.test("mixed rows lie between two rows; categories and missing values are one row's", () => {
  const table = { rows: 40, columns: 3, categories: [null, ["a", "b", "c"], null] };
  const values = Float32Array.from(
    { length: 120 },
    (_, i) => i % 3 === 1 ? (i * 7) % 4 - 1 : i === 2 ? NaN : Math.sin(i),
  );
  const inputs = values.map((value) => Number.isNaN(value) ? 0 : value);
  const mixed = mixedRows({ ...table, features: values }, inputs, 3, randomStream(1, "mixed"));
  let changed = 0;
  for (let i = 0; i < 120; i++) {
    if (i % 3 === 1) assert.ok([-1, 0, 1, 2].includes(mixed[i]));
    else assert.ok(Number.isNaN(mixed[i]) || Math.abs(mixed[i]) <= 1);
    if (mixed[i] !== values[i]) changed++;
  }
  assert.ok(changed > 30 && changed < 80, `${changed}`);
});

Deno.test("a run that distils goes on where it was stopped, to the same bytes", async () => {
  const folder = newFolder();
  const file = join(folder, "rings.csv");
  const lines = features.map((row, i) => [...row, RINGS.classes[RINGS.labels[i]]].join(","));
  writeFile(file, ["x,y,ring", ...lines, ""].join("\n"));
  const config = completeConfig({ file, target: "ring", ...SETTINGS });
  const whole = await startRun(config, join(folder, "whole"));
  assert.ok(whole.status === "finished");
  const { record, model } = whole;
  assert.deepEqual(model.distilled, { members: 3 });
  const teacher = readJsonFile(join(folder, "whole", "teacher", "record.json"));
  // The teacher's operations count, and so do its answers.
  assert.ok(record.flops.counted > 1.2 * teacher.flops.counted);
  assert.ok(record.seconds.train > teacher.seconds.train);

  const place = join(folder, "stopped");
  // In the ensemble, then in the member that learns from it.
  let result = null;
  for (const [part, after] of [["ensemble", 9], ["member", 3]] as const) {
    const stop = new AbortController();
    let [ready, epochs] = [0, 0];
    const onEvent = (event: RunEvent) => {
      if (event.type === "ready") [ready, epochs] = [event.run.settings.members, 0];
      if (event.type === "epoch") epochs++;
      if (ready !== (part === "ensemble" ? 3 : 1) || epochs < after) return;
      stop.abort();
      // A run listens for signals every 50 ms, which such a small one may not last.
      const began = performance.now();
      while (performance.now() - began < 100);
    };
    const options = { onEvent, signal: stop.signal, checkpointEvery: 0 };
    result = part === "ensemble"
      ? await startRun(config, place, options)
      : await resumeRun(place, options);
    assert.equal(result.status, "stopped", part);
  }
  const resumed = await resumeRun(place);
  assert.ok(resumed.status === "finished");
  assert.equal(resumed.record.flops.counted, record.flops.counted);
  assert.deepEqual(readBytes(resumed.files.model), readBytes(whole.files.model));
});

Deno.test("what cannot be distilled is refused", () => {
  assert.throws(() => completeSettings({ distil: true, coverage: 0.9 }), /"coverage".*distil true/);
  assert.throws(() => completeSettings({ distil: true, budget: 5 }), /"budget".*distil true/);
  assert.throws(() => completeSettings({ distil: true, method: "boosting" }), /none with method/);
  assert.equal("distil" in completeSettings({ distil: false }), false);
});
