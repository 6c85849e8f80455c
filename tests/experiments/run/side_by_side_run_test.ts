/** Whole runs whose members are trained side by side. */
import assert from "node:assert/strict";
import { completeConfig, type RunConfig } from "../../../lib/experiments/run/run_config.ts";
import {
  resumeRun,
  type RunEvent,
  type RunOptions,
  type RunResult,
  startRun,
} from "../../../lib/experiments/run/run.ts";
import { fit } from "../../../lib/ensemble/fit.ts";
import type { Settings } from "../../../lib/settings/mod.ts";
import { encodeModel } from "../../../lib/model/model_file.ts";
import { topology, type TopologyStrategy } from "../../../mod.ts";
import { buildFakePapi, hasCompiler, withLibrary } from "../../counters/fake_papi.ts";
import { namesIn, readText } from "../../files.ts";
import { smallDataset } from "../../model/small_model.ts";
import { assertSameRun } from "../../soak/kill_and_resume.ts";
import { folderWithTable } from "../../tasks/tiny_run.ts";

const TRIALS = { trials: 2, candidates: [{ dropout: 0.1 }, { dropout: 0.3 }] };

function configOf(folder: string, changes: Partial<RunConfig> = {}): RunConfig {
  return completeConfig({
    file: `${folder}/table.csv`,
    target: "class",
    method: "sparse-ensemble",
    hidden: [24, 24],
    epsilon: 2,
    epochs: 6,
    members: 3,
    batchSize: 16,
    memberSelection: "last",
    kernels: "wasm",
    ...TRIALS,
    ...changes,
  });
}

/** Runs to the end, and keeps how many members were trained at a time. */
async function run(
  config: RunConfig,
  folder: string,
  options: RunOptions = {},
): Promise<{ result: RunResult & { status: "finished" }; count: number; reason: string | null }> {
  let ready: (RunEvent & { type: "ready" }) | undefined;
  const onEvent = (event: RunEvent) => {
    if (event.type === "ready") ready = event;
  };
  const result = await startRun(config, folder, { onEvent, ...options });
  if (result.status !== "finished") return assert.fail("the run was stopped");
  assert.ok(ready !== undefined && ready.members.bytes > 0);
  const { count, reason } = ready.members;
  return { result, count, reason };
}

for (const seed of [1, 2]) {
  Deno.test(`runs on 1, 2 and 3 threads leave the same files, seed ${seed}`, async () => {
    const folder = folderWithTable();
    const config = configOf(folder, { seed });
    const one = await run(config, `${folder}/run-1`);
    assert.equal(one.count, 1);
    assert.match(readText(one.result.files.events), /"type":"choice"/);
    for (const threads of [2, 3]) {
      const { count } = await run(config, `${folder}/run-${threads}`, { threads });
      assert.equal(count, threads);
      assertSameRun(`${folder}/run-1`, `${folder}/run-${threads}`);
      assert.deepEqual(namesIn(`${folder}/run-${threads}`), namesIn(`${folder}/run-1`));
    }
  });
}

Deno.test("a run that is stopped again and again, on other threads each time, leaves the same files", async () => {
  const folder = folderWithTable();
  const config = configOf(folder, { epochs: 60 });
  await run(config, `${folder}/straight`, { checkpointEvery: 0 });
  let stops = 0;
  const attempt = async (): Promise<RunResult> => {
    const stopper = new AbortController();
    let batches = 0;
    const options: RunOptions = {
      checkpointEvery: 0.001,
      threads: [2, 3, 1][stops % 3],
      signal: stopper.signal,
      onEvent(event) {
        if (event.type === "batch" && ++batches === 1 + 2 * stops) stopper.abort();
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

Deno.test("fit makes the same model on any number of threads, and hears every member in order", async () => {
  const settings: Partial<Settings> = {
    ...{ hidden: [12, 10], epsilon: 3, epochs: 6, members: 3, batchSize: 16 },
    ...{ method: "set", kernels: "wasm" },
  };
  const models = [];
  for (const threads of [1, 2]) {
    const members: number[] = [];
    const model = await fit(smallDataset(), settings, {
      threads,
      onEvent: (event) => event.type === "member" && members.push(event.index),
    });
    assert.deepEqual(members, [0, 1, 2]);
    models.push(encodeModel(model));
  }
  assert.deepEqual(models[1], models[0]);
});

Deno.test("fit on two threads stops by its signal", async () => {
  const stopper = new AbortController();
  const settings = { method: "sparse-ensemble", epochs: 400, members: 3 } as const;
  const options = { threads: 2, signal: stopper.signal, onEvent: () => stopper.abort() };
  await assert.rejects(fit(smallDataset(), settings, options), { name: "AbortError" });
});

Deno.test("members of a strategy of one's own come one after the other, to the same bytes", async () => {
  const folder = folderWithTable();
  const config = configOf(folder, { method: "set", trials: 0, candidates: [] });
  const mine: TopologyStrategy = {
    name: "mine",
    update: { prune: topology.pruneSigned, grow: topology.growRandom },
  };
  const found = [];
  for (const threads of [1, 2]) {
    found.push(await run(config, `${folder}/run-${threads}`, { threads, strategy: mine }));
  }
  assert.deepEqual(found.map(({ count }) => count), [1, 1]);
  assertSameRun(`${folder}/run-1`, `${folder}/run-2`);
});

Deno.test("where workers cannot be started, members come one after the other, and the run says so", async () => {
  const folder = folderWithTable();
  const config = configOf(folder);
  await run(config, `${folder}/run-1`);
  const { Worker } = globalThis;
  globalThis.Worker = class {
    constructor() {
      throw new Error("there are no workers here");
    }
  } as unknown as typeof Worker;
  try {
    const { count, reason } = await run(config, `${folder}/run-2`, { threads: 2 });
    assert.equal(count, 1);
    assert.equal(
      reason,
      "Cannot train members side by side: found a worker that does not start " +
        "(there are no workers here), need 2",
    );
  } finally {
    globalThis.Worker = Worker;
  }
  assertSameRun(`${folder}/run-1`, `${folder}/run-2`);
});

Deno.test({
  name: "hardware counts of members side by side are those of one thread (needs a C compiler)",
  ignore: !hasCompiler,
  async fn() {
    const folder = folderWithTable();
    const library = buildFakePapi({ EVENT: '"PAPI_SP_OPS"' });
    const config = configOf(folder, { trials: 0, candidates: [] });
    const [one, two] = await withLibrary(library, async () => {
      const flops = [];
      for (const threads of [1, 2]) {
        const { result } = await run(config, `${folder}/run-${threads}`, {
          threads,
          flops: "both",
        });
        flops.push(result.record.flops);
      }
      return flops;
    });
    assert.equal(one.event, "PAPI_SP_OPS");
    assert.ok(one.hardware! > 0);
    assert.equal(two.event, one.event);
    assert.equal(two.hardware, one.hardware);
    assert.deepEqual(two.hardwareMembers, one.hardwareMembers);
    assert.equal(two.counted, one.counted);
  },
});
