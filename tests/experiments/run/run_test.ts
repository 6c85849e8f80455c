import assert from "node:assert/strict";
import { load } from "../../../lib/model/model_file.ts";
import { lockRun } from "../../../lib/files/run_lock.ts";
import { writeFileAtomically } from "../../../lib/files/atomic_write.ts";
import { addContentDigest } from "../../../lib/files/content_digest.ts";
import { encodeSafetensors, readSafetensors } from "../../../lib/files/safetensors.ts";
import { processorSeconds } from "../../../lib/counters/mod.ts";
import { score } from "../../../lib/model/score.ts";
import { readDataset } from "../../../lib/data/formats/read_dataset.ts";
import type { MethodName } from "../../../lib/methods/methods.ts";
import type { Settings } from "../../../lib/settings/mod.ts";
import {
  resumeRun,
  type RunEvent,
  type RunOptions,
  type RunResult,
  startRun,
} from "../../../lib/experiments/run/run.ts";
import { completeConfig, type RunConfig } from "../../../lib/experiments/run/run_config.ts";
import { namesIn, readBytes, readJsonFile, readText, writeFile } from "../../files.ts";
import { assertSameRun } from "../../soak/kill_and_resume.ts";
import { topology, type TopologyStrategy } from "../../../mod.ts";
import { folderWithTable, tinyTable } from "../../tasks/tiny_run.ts";

function tinyConfig(folder: string, settings: Partial<Settings> = {}): RunConfig {
  return completeConfig({
    file: `${folder}/table.csv`,
    target: "class",
    method: "fd",
    hidden: [24, 24],
    epsilon: 2,
    epochs: 12,
    explore: 4,
    members: 2,
    batchSize: 16,
    kernels: "wasm",
    ...settings,
  });
}

function finished(result: RunResult): RunResult & { status: "finished" } {
  if (result.status !== "finished") return assert.fail("the run was stopped");
  return result;
}

/** Options of a run that stops, with its only checkpoint, right after a batch. */
function stopAt(epoch: number, batch: number): RunOptions {
  const stopper = new AbortController();
  return {
    checkpointEvery: 0,
    signal: stopper.signal,
    onEvent(event) {
      if (event.type !== "batch" || event.epoch !== epoch - 1 || event.batch !== batch) return;
      stopper.abort();
      // A run looks at its signal every 50 ms.
      for (const from = performance.now(); performance.now() < from + 60;);
    },
  };
}

/** Options of a run that fails at a batch: what then stands in the folder is what a kill leaves. */
function failAt(epoch: number, batch: number): RunOptions {
  return {
    checkpointEvery: 0,
    onEvent(event) {
      if (event.type === "batch" && event.epoch === epoch - 1 && event.batch === batch) {
        throw new Error("killed");
      }
    },
  };
}

Deno.test("startRun writes a model and a record that agree with what it returns", async () => {
  const folder = folderWithTable();
  writeFile(`${folder}/test.csv`, tinyTable({ rows: 60, seed: 2 }));
  const events: RunEvent[] = [];
  const config = { ...tinyConfig(folder), test: `${folder}/test.csv` };
  const result = finished(
    await startRun(config, `${folder}/run`, { onEvent: (event) => events.push(event) }),
  );
  const { record, model, files } = result;
  assert.deepEqual(load(files.model), model);
  assert.deepEqual(readJsonFile(files.record), JSON.parse(JSON.stringify(record)));
  const { dataset } = await readDataset(`${folder}/test.csv`, {
    target: "class",
    featureNames: model.preprocessing.featureNames,
    classes: model.classes,
  });
  assert.equal(score(model, dataset), record.accuracy);
  assert.ok(record.accuracy! > 0.5);

  const types = events.map(({ type }) => type);
  assert.equal(types[0], "reading");
  assert.ok(types.indexOf("ready") > 0 && types.indexOf("ready") < types.indexOf("batch"));
  const lines = readText(files.events).trimEnd().split("\n").map((line) => JSON.parse(line));
  const logged = (type: string) => types.filter((other) => other === type).length;
  for (const type of ["epoch", "topology", "member"]) {
    assert.equal(lines.filter((line) => line.type === type).length, logged(type), type);
  }
  assert.equal(logged("epoch"), 12);
  assert.ok(lines.every((line) => !("layers" in line) && !("weights" in line)));
});

/**
 * Explodes in the first epochs and, with half of the rate and a half of that, once more much later.
 * The reference kernels do so on every machine alike.
 */
const DIVERGING: Partial<Settings> = {
  onDivergence: "rollback",
  learningRate: 6,
  momentum: 0,
  dropout: 0,
  scaling: "standard",
  kernels: "reference",
};

for (
  const [name, settings] of [
    ["fd", {}],
    ["dense-ensemble", { method: "dense-ensemble" as MethodName, explore: 0 }],
    ["rollback", DIVERGING],
  ] as [string, Partial<Settings>][]
) {
  Deno.test(`resumeRun after a stop at any moment ends with the same files, ${name}`, async () => {
    const folder = folderWithTable();
    const config = tinyConfig(folder, { ...settings, epochs: 120 });
    const straight = await startRun(config, `${folder}/straight`, { checkpointEvery: 0 });
    assert.equal(straight.status, "finished");
    if (name === "rollback") {
      const rollbacks = readText(straight.files.events).match(/"type":"rollback"/g);
      assert.ok(rollbacks !== null, "nothing was rolled back");
    }

    // Stops itself again and again, each time after a few more batches.
    let stops = 0;
    const attempt = async (): Promise<RunResult> => {
      const stopper = new AbortController();
      let batches = 0;
      const options = {
        checkpointEvery: 0.001,
        signal: stopper.signal,
        onEvent(event: RunEvent) {
          if (event.type === "batch" && ++batches === 150 + 77 * stops) stopper.abort();
        },
      };
      return await (stops === 0
        ? startRun(config, `${folder}/run`, options)
        : resumeRun(`${folder}/run`, options));
    };
    while ((await attempt()).status === "stopped") stops++;
    assertSameRun(`${folder}/straight`, `${folder}/run`);
    assert.deepEqual(namesIn(`${folder}/run`), namesIn(`${folder}/straight`));
  });
}

Deno.test("resumeRun goes on from events and a checkpoint of different age, and tidies up", async () => {
  const folder = folderWithTable();
  const config = tinyConfig(folder, { epochs: 60 });
  const straight = await startRun(config, `${folder}/straight`);
  const run = `${folder}/run`;

  // After an epoch's last batch, and before the epoch's events.
  assert.equal((await startRun(config, run, stopAt(21, 9))).status, "stopped");
  const checkpoint = readBytes(`${run}/checkpoint.safetensors`);
  await assert.rejects(resumeRun(run, failAt(41, 3)), /^Error: killed$/);
  assert.deepEqual(readBytes(`${run}/checkpoint.safetensors`), checkpoint);
  assert.match(readText(`${run}/events.jsonl`), /"type":"epoch","epochs":60,"epoch":40,/);
  writeFile(`${run}/events.jsonl`, `${readText(`${run}/events.jsonl`)}{"step":99999,"ty`);
  writeFile(`${run}/.model.safetensors.123-4.tmp`, "half a model");
  writeFile(`${run}/model.safetensors`, "an old one");

  assert.equal((await resumeRun(run)).status, "finished");
  assertSameRun(`${folder}/straight`, run);
  assert.deepEqual(namesIn(run), namesIn(`${folder}/straight`));
  assert.equal(straight.status, "finished");
  await assert.rejects(resumeRun(run), /it is finished, and its model is/);
});

Deno.test("resumeRun tells a rollback once, also if the checkpoint is of before it", async () => {
  const folder = folderWithTable();
  const config = tinyConfig(folder, { ...DIVERGING, epochs: 120 });
  const straight = await startRun(config, `${folder}/straight`);
  const rollbacks = readText(straight.files.events).split("\n")
    .filter((line) => line.includes('"type":"rollback"')).map((line) => JSON.parse(line));
  const { epoch, batch } = rollbacks.at(-1);
  assert.ok(epoch > 10 && batch > 2, `${epoch}.${batch}`);

  const run = `${folder}/run`;
  assert.equal((await startRun(config, run, stopAt(epoch, batch - 1))).status, "stopped");
  await assert.rejects(resumeRun(run, failAt(epoch + 2, 1)), /killed/);
  const told = readText(`${run}/events.jsonl`).match(/"type":"rollback"/g);
  assert.equal(told?.length, rollbacks.length);
  assert.equal((await resumeRun(run)).status, "finished");
  assertSameRun(`${folder}/straight`, run);
});

Deno.test("seconds of a resumed run add up", async () => {
  const folder = folderWithTable();
  const config = tinyConfig(folder, { epochs: 400 });
  const stopper = new AbortController();
  let seconds = 0;
  let cpu = 0;
  const stopped = await startRun(config, `${folder}/run`, {
    signal: stopper.signal,
    onEvent(event) {
      if (event.type === "epoch" && event.epoch === 300) stopper.abort();
    },
  });
  if (stopped.status === "stopped") {
    const { metadata } = readSafetensors(stopped.files.checkpoint);
    ({ train: seconds, cpu } = JSON.parse(metadata.sparsemble).seconds);
    const { record } = finished(await resumeRun(`${folder}/run`));
    assert.ok(seconds > 0);
    assert.ok(cpu > 0 && record.seconds.cpu > cpu, `${cpu} → ${record.seconds.cpu}`);
    assert.ok(record.seconds.train > seconds, `${seconds} → ${record.seconds.train}`);
    assert.ok(record.seconds.total >= record.seconds.train);
  }
});

Deno.test("a run's processor seconds are its own, not those of what its process did before", async () => {
  const folder = folderWithTable();
  const before = processorSeconds();
  const { record } = finished(await startRun(tinyConfig(folder), `${folder}/run`));
  assert.ok(before > 0 && record.seconds.cpu <= processorSeconds() - before);
});

Deno.test("startRun that cannot begin leaves nothing behind, and a folder of others alone", async () => {
  const folder = folderWithTable();
  const broken = { ...tinyConfig(folder), file: `${folder}/missing.csv` };
  await assert.rejects(startRun(broken, `${folder}/run`), /missing\.csv/);
  assert.deepEqual(namesIn(folder), ["table.csv"]);
  await Deno.mkdir(`${folder}/mine`);
  await assert.rejects(startRun(broken, `${folder}/mine`), /missing\.csv/);
  assert.deepEqual(namesIn(`${folder}/mine`), []);
  await assert.rejects(startRun(tinyConfig(folder), `${folder}/x`, { checkpointEvery: -1 }), {
    name: "RangeError",
    message: /every -1 seconds: need 0/,
  });
  assert.deepEqual(namesIn(folder), ["mine", "table.csv"]);
});

Deno.test("startRun and resumeRun keep out of a folder that is held", async () => {
  const folder = folderWithTable();
  const config = tinyConfig(folder);
  await assert.rejects(resumeRun(`${folder}/run`), {
    message: `Cannot read "${folder}/run/config.json": there is no such file or folder`,
  });
  const stopper = new AbortController();
  stopper.abort();
  const stopped = await startRun(config, `${folder}/run`, { signal: stopper.signal });
  // Asked to stop before the table was read: there is a run, and nothing of it is done.
  assert.equal(stopped.status, "stopped");
  {
    using _lock = lockRun(`${folder}/run`);
    await assert.rejects(resumeRun(`${folder}/run`), /^Error: Cannot use the run folder .*process/);
    await assert.rejects(startRun(config, `${folder}/run`), /^Error: Cannot use the run folder/);
  }
  assert.equal((await resumeRun(`${folder}/run`)).status, "finished");
});

Deno.test("resumeRun refuses other data and other settings", async () => {
  const folder = folderWithTable();
  const run = `${folder}/run`;
  const config = tinyConfig(folder, { epochs: 100 });
  assert.equal((await startRun(config, run, stopAt(50, 1))).status, "stopped");
  writeFile(`${run}/config.json`, JSON.stringify({ ...config, dropout: 0.3 }));
  await assert.rejects(resumeRun(run), /its settings have changed since it began, need the same/);
  writeFile(`${run}/config.json`, JSON.stringify(config));
  writeFile(`${folder}/table.csv`, tinyTable({ rows: 239 }));
  await assert.rejects(resumeRun(run), /its data have changed since it began, need the same/);
  writeFile(`${folder}/table.csv`, tinyTable());
  assert.equal((await resumeRun(run)).status, "finished");
});

Deno.test("a run by a strategy of one's own says so, and goes on where the strategy failed", async () => {
  const folder = folderWithTable();
  const config = tinyConfig(folder, { method: "set", members: 1, explore: 0 });
  let updates = 0;
  let failing = false;
  let made = 0;
  const strategy: TopologyStrategy<{ calls: number }> = {
    name: "mine",
    begin: () => ({ calls: 0 }),
    when: { every: 10, unit: "steps" },
    update({ layers }, { pruneRate }, memory) {
      if (failing && ++updates === 3) throw new Error("out of luck");
      memory.calls++;
      made++;
      return layers.map((layer) =>
        topology.pruneThenGrow(layer, {
          prune: topology.pruneSigned,
          grow: topology.growRandom,
        }, pruneRate)
      );
    },
  };
  const whole = finished(await startRun(config, `${folder}/whole`, { strategy }));
  assert.deepEqual([whole.record.strategy, whole.model.strategy], [{ name: "mine" }, {
    name: "mine",
  }]);
  assert.deepEqual(load(whole.files.model), whole.model);
  assert.ok(
    !readText(whole.files.events).includes("topology"),
    "a line an epoch tells of updates by steps",
  );
  const lines = readText(whole.files.events).trimEnd().split("\n").map((line) => JSON.parse(line));
  const told = lines.filter(({ type }) => type === "updates");
  assert.equal(told.reduce((sum, { updates }) => sum + updates, 0), made);
  assert.equal(new Set(told.map(({ epoch }) => epoch)).size, told.length);

  const killed = `${folder}/killed`;
  const kill = { ...failAt(1, 3), checkpointEvery: 1e-9 };
  await assert.rejects(startRun(config, killed, { strategy, ...kill }), /^Error: killed$/);
  await assert.rejects(resumeRun(killed), /it follows the strategy "mine" of a script, need the/);
  await assert.rejects(
    resumeRun(killed, { strategy: { ...strategy, name: "yours" } }),
    /^Error: Cannot resume the run in ".*killed": found the strategy "yours", need "mine"$/,
  );
  // Earlier configurations name no strategy.
  const { strategy: _, ...earlier } = readJsonFile(`${killed}/config.json`);
  writeFile(`${killed}/config.json`, JSON.stringify(earlier));
  await assert.rejects(resumeRun(killed), /it follows the strategy "mine" of a script, need the/);
  finished(await resumeRun(killed, { strategy }));
  assert.ok(
    readBytes(`${killed}/model.safetensors`).join() === readBytes(whole.files.model).join(),
  );

  failing = true;
  const run = `${folder}/run`;
  await assert.rejects(startRun(config, run, { strategy, checkpointEvery: 0 }), {
    name: "StrategyError",
    message: 'Cannot change the topology: the strategy "mine" failed: out of luck',
  });
  await assert.rejects(resumeRun(run), /it follows the strategy "mine" of a script/);
  const { files } = finished(await resumeRun(run, { strategy }));
  assert.deepEqual(readBytes(files.model), readBytes(whole.files.model));

  const plain = finished(await startRun(config, `${folder}/plain`));
  assert.equal(plain.model.strategy, undefined);
  assert.ok(!("strategy" in readJsonFile(plain.files.record)));
  assert.equal(readJsonFile(plain.files.config).strategy, null);
  assert.deepEqual(readJsonFile(files.config).strategy, { name: "mine" });
  const stopped = `${folder}/stopped`;
  assert.equal((await startRun(config, stopped, stopAt(5, 1))).status, "stopped");
  await assert.rejects(
    resumeRun(stopped, { strategy }),
    /found the strategy "mine", need the method's own$/,
  );
});

Deno.test("resumeRun refuses a forged checkpoint whose digest is right, and says what is wrong", async () => {
  const folder = folderWithTable();
  const run = `${folder}/run`;
  const config = tinyConfig(folder, { epochs: 100 });
  assert.equal((await startRun(config, run, stopAt(50, 1))).status, "stopped");
  const path = `${run}/checkpoint.safetensors`;
  const { tensors, metadata } = readSafetensors(path);
  const description = JSON.parse(metadata.sparsemble);
  const { progress } = description;
  const cases: [change: Record<string, unknown>, says: RegExp][] = [
    [
      { kernels: "__proto__" },
      /^SyntaxError: .*"__proto__" as "kernels", need the name of a back end/,
    ],
    [{ kernels: "native" }, /found kernels "native", need those of the settings, "wasm"/],
    [
      { progress: { ...progress, step: 1 } },
      /^RangeError: Cannot resume the run: found step 1, need/,
    ],
    [{ progress: { ...progress, batch: 1e6 } }, /found batch 1000000, need 0 to/],
    [{ progress: { ...progress, epoch: 1e6 } }, /history of another length/],
  ];
  const forge = (changed: typeof tensors, text: object) => {
    const sparsemble = JSON.stringify(text);
    const digested = addContentDigest(changed, { sparsemble });
    writeFileAtomically(path, encodeSafetensors(changed, digested));
  };
  for (const [change, says] of cases) {
    forge(tensors, { ...description, ...change });
    await assert.rejects(resumeRun(run), says);
  }
  // A table with more classes than the network has outputs.
  forge(tensors, description);
  const table = readText(`${folder}/table.csv`);
  writeFile(`${folder}/table.csv`, `${table}1,1,1,1,third\n1,1,1,1,third\n1,1,1,1,third\n`);
  const other = `${folder}/other`;
  assert.equal((await startRun(config, other, stopAt(50, 1))).status, "stopped");
  const { data } = JSON.parse(
    readSafetensors(`${other}/checkpoint.safetensors`).metadata.sparsemble,
  );
  forge(tensors, { ...description, data });
  await assert.rejects(resumeRun(run), /found (step|layers) /);
});
