/**
 * Workers of one network. The synchronous exchange is judged against one long batch, which has the same mean
 * gradient, and against itself: any number of threads and any kill give the same bytes.
 */
import assert from "node:assert/strict";
import {
  averagedLayers,
  decodeCheckpoint,
  encodeCheckpoint,
  openRun,
  saveRun,
  type Team,
  train,
  type TrainingEvent,
  trainTogether,
  workerThreads,
} from "../../../lib/ensemble/mod.ts";
import { wasmKernels } from "../../../lib/kernels/wasm/wasm.ts";
import type { Member, StoredLayer } from "../../../lib/nn/mod.ts";
import { completeSettings, type Settings } from "../../../lib/settings/mod.ts";
import { PROBLEM, problemOf, tinySettings, trained } from "../tiny_runs.ts";

const KERNELS = wasmKernels();

async function together(
  settings: Settings,
  threads = 1,
): Promise<{ members: readonly Member[]; events: TrainingEvent[] }> {
  using run = openRun(problemOf(settings), settings, KERNELS);
  using team: Team | undefined = threads === 1 ? undefined : await workerThreads(run, threads);
  const events: TrainingEvent[] = [];
  for await (const event of trainTogether(run, { team })) events.push(event);
  return { members: run.progress.members, events };
}

function connections(layers: readonly StoredLayer[]): number[] {
  return layers.map((layer) => layer.kind === "sparse" ? layer.data.length : layer.weights.length);
}

Deno.test("one worker is plain training, byte for byte", () => {
  const plain = trained(tinySettings("set")).members;
  assert.deepEqual(trained(tinySettings("set", { workers: 1 })).members, plain);
});

for (const method of ["set", "rigl", "snfs", "gradual", "dense"] as const) {
  Deno.test(`a synchronous exchange has the same bytes on any number of threads: ${method}`, async () => {
    const settings = tinySettings(method, { workers: 3, learningRate: 0.03 });
    const alone = await together(settings);
    for (const threads of method === "set" ? [2, 3] : [2]) {
      const { members, events } = await together(settings, threads);
      assert.deepEqual(members, alone.members);
      const told = (events: TrainingEvent[]) =>
        events.filter(({ type }) => type !== "batch" && type !== "member");
      assert.deepEqual(told(events), told(alone.events));
    }
  });
}

Deno.test("a synchronous step is a step with the mean gradient of all its rows", async () => {
  // Four workers with a quarter of the rows each: one step an epoch, on all rows, as one batch has it.
  const changes = {
    epochs: 4,
    dropout: 0,
    dropLastBatch: false,
    validationFraction: 0,
    memberSelection: "last",
    momentum: 0,
    optimizer: "sgd",
  } as const;
  const shared = tinySettings("static", { ...changes, workers: 4, batchSize: 50, apart: 0 });
  const whole = tinySettings("static", { ...changes, batchSize: 200 });
  const problem = { ...PROBLEM, validation: null };
  using one = openRun(problem, whole, KERNELS);
  using four = openRun(problem, shared, KERNELS);
  // The first step is before the warm-up: its rate is that of one worker.
  for await (const event of trainTogether(four)) if (event.type === "batch") break;
  for (const event of train(one)) if (event.type === "batch") break;
  one.stage.network.layers.forEach((layer, l) => {
    const own = four.stage.network.layers[l];
    layer.weights.forEach((weight, i) => assert.ok(Math.abs(weight - own.weights[i]) < 1e-6));
    layer.bias.forEach((bias, i) => assert.ok(Math.abs(bias - own.bias[i]) < 1e-6));
  });
});

for (const exchange of ["synchronous", "asynchronous"] as const) {
  Deno.test(`a member has as many connections as at first, and its copies differ: ${exchange}`, async () => {
    const settings = tinySettings("set", { workers: 3, exchange, memberSelection: "last" });
    using run = openRun(PROBLEM, settings, KERNELS);
    const first = run.stage.network.layers.map(({ weights }) => weights.length);
    let copies: readonly (readonly StoredLayer[])[] = [];
    const epochs: TrainingEvent[] = [];
    for await (const event of trainTogether(run)) {
      if (event.type === "epoch") epochs.push(event);
      copies = run.stage.copies?.map(({ layers }) => layers) ?? copies;
      for (const copy of copies) assert.deepEqual(connections(copy), first);
    }
    assert.equal(copies.length, 3);
    const indices = copies.map(([layer]) => layer.kind === "sparse" && [...layer.indices]);
    assert.notDeepEqual(indices[0], indices[1]);
    assert.notDeepEqual(indices[1], indices[2]);
    const [member] = run.progress.members;
    assert.deepEqual(connections(member.layers), first);
    assert.deepEqual(connections(averagedLayers(copies)), first);
    // Twelve epochs: 8 together, 4 apart. Copies are not scored before they are one network.
    const scored = epochs.map((event) =>
      event.type === "epoch" && event.validationAccuracy !== null
    );
    assert.deepEqual(scored, Array.from({ length: 12 }, (_, e) => e < 8 || e === 11));
    const ages = epochs.map((event) => event.type === "epoch" && event.staleness);
    assert.ok(
      ages.every((age, e) => (age !== undefined) === (exchange === "asynchronous" && e < 8)),
    );
  });
}

Deno.test("with K workers of equal pace a gradient is K − 1 steps old in the mean", async () => {
  const settings = tinySettings("set", {
    workers: 4,
    exchange: "asynchronous",
    batchSize: 5,
    apart: 0,
    learningRate: 0.01,
  });
  const { events } = await together(settings);
  const ages = events.flatMap((event) => event.type === "epoch" ? event.staleness! : []);
  for (const { mean } of ages.slice(1)) assert.ok(Math.abs(mean - 3) < 0.3);
  // SET changes the topology after every second epoch. Gradients that were under way then lose some numbers.
  assert.deepEqual(
    ages.map(({ dropped }) => dropped > 0),
    ages.map((_, e) => e % 2 === 1),
  );
});

for (const changes of [{}, { optimizer: "adam", learningRateCurve: "one-cycle" }] as const) {
  Deno.test(`a synchronous run that is killed anywhere resumes to the same bytes: ${JSON.stringify(changes)}`, async () => {
    const settings = tinySettings("set", { workers: 2, epochs: 7, ...changes });
    const whole = await together(settings);
    const context = {
      data: "the same",
      kernels: "wasm",
      seconds: { train: 0, topology: 0, evaluate: 0, total: 0, cpu: 0 },
    };
    const total = whole.events.length;
    for (let stop = 1; stop < total; stop += 5) {
      using run = openRun(PROBLEM, settings, KERNELS);
      let seen = 0;
      for await (const _ of trainTogether(run)) if (++seen === stop) break;
      const file = encodeCheckpoint(saveRun(run), settings, context);
      const { saved } = decodeCheckpoint(file, "a checkpoint");
      using resumed = openRun(PROBLEM, settings, KERNELS, { saved });
      using team = stop % 2 === 0 ? await workerThreads(resumed, 2) : undefined;
      for await (const _ of trainTogether(resumed, { team }));
      assert.deepEqual(resumed.progress.members, whole.members);
      const told = whole.events.flatMap((event) => event.type === "epoch" ? event.loss : []);
      assert.deepEqual(resumed.progress.history.map(({ loss }) => loss), told);
    }
  });
}

Deno.test("several members, trials, numbers to predict and blocks are trained by workers too", async () => {
  const candidates = [{ dropout: 0.3 }, { dropout: 0 }];
  for (
    const changes of [
      { members: 2, method: "sparse-ensemble" },
      { members: 2, method: "sparse-ensemble", trials: 1, candidates, memberSelection: "last" },
      { method: "set", task: "regression" },
      { method: "set", blockSize: 2, classWeights: "balanced" },
    ] as const
  ) {
    const settings = tinySettings(
      changes.method,
      { ...changes, workers: 2, epochs: 6 } as Partial<Settings>,
    );
    const alone = await together(settings);
    assert.ok(alone.members.length > 0);
    assert.deepEqual((await together(settings, 2)).members, alone.members);
  }
});

Deno.test("an asynchronous exchange in threads trains, and drops no more than changed", async () => {
  const settings = tinySettings("set", {
    workers: 2,
    exchange: "asynchronous",
    learningRate: 0.02,
  });
  const { members, events } = await together(settings, 2);
  assert.equal(members.length, 1);
  const ages = events.flatMap((event) => event.type === "epoch" ? event.staleness ?? [] : []);
  assert.equal(ages.length, 8);
  assert.ok(ages.every(({ dropped }) => dropped >= 0 && dropped < 0.4));
});

Deno.test("workers that cannot be are refused in plain words", async () => {
  const broken = (changes: Partial<Settings>, says: RegExp) =>
    assert.throws(() => completeSettings({ method: "set", ...changes }), says);
  broken(
    { exchange: "asynchronous" },
    /"exchange": found "asynchronous", need "workers" of at least 2/,
  );
  broken({ apart: 0.2 }, /"apart": found 0.2, need "workers" of at least 2/);
  broken({ workers: 0 }, /"workers": found 0, need at least 1/);
  broken({ workers: 2, method: "fd" }, /"workers": found 2, need none with method "fd"/);
  broken({ workers: 2, method: "bagging" }, /"workers": found 2, need none with method "bagging"/);
  broken({ workers: 2, method: "boosting" }, /none with method "boosting"/);
  const settings = tinySettings("set", { workers: 201 });
  using run = openRun(PROBLEM, settings, KERNELS);
  assert.throws(() => train(run).next(), /found 201 workers/);
  await assert.rejects(
    async () => await trainTogether(run).next(),
    /Cannot share 200 training rows among 201 workers: need a row for each/,
  );
});
