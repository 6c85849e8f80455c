import assert from "node:assert/strict";
import { totalFlops } from "../../../lib/counters/flops.ts";
import { methodOf, METHODS } from "../../../lib/methods/methods.ts";
import { train } from "../../../lib/ensemble/train.ts";
import { openRun } from "../../../lib/ensemble/training_run.ts";
import { PAPER_DENSE_FLOPS, paperFlops } from "../../../lib/experiments/paper/paper_flops.ts";
import { plannedFlops } from "../../../lib/experiments/run/planned_flops.ts";
import { wasmKernels } from "../../../lib/kernels/wasm/wasm.ts";
import { PROBLEM, tinySettings } from "../../ensemble/tiny_runs.ts";
import { readText } from "../../files.ts";
import { ROOT, runTask } from "../../tasks/run_task.ts";

/** The methods that prune more than grows: a run counts fewer operations than its beginning lets expect. */
const FALLING = ["gradual", "granet", "importance", "lottery"];

/** The methods that only compare weights and draw positions: new connections begin at 0. */
const WITHOUT_OPERATIONS = ["gradual", "lottery", "set-itop", "dsr"];

/** The methods whose number of connections is only about what was planned. */
const ABOUT = ["srigl", "snip", "synflow"];

for (const method of METHODS) {
  for (const dropLastBatch of [true, false]) {
    const last = dropLastBatch ? "without" : "with";
    Deno.test(`plannedFlops foretells the count of a run: ${method}, ${last} partial batches`, () => {
      // 200 rows are 6 batches of 30 and a partial one of 20.
      const settings = tinySettings(method, {
        batchSize: 30,
        dropLastBatch,
        labelSmoothing: 0.1,
        validationFraction: 0,
        memberSelection: "last",
      });
      const planned = plannedFlops(settings, { rows: 200, columns: 6, classes: 3 });
      using run = openRun({ ...PROBLEM, validation: null }, settings, wasmKernels());
      for (const _event of train(run));
      assert.equal(planned.trainingRows, 200);
      assert.equal(planned.steps, run.progress.step);
      const { topology, ...trained } = run.progress.flops;
      const { topology: none, ...foretold } = planned.phases;
      assert.equal(none, 0);
      const { update, start } = methodOf(settings).topology;
      const changes = (update ?? start) !== undefined && !WITHOUT_OPERATIONS.includes(method);
      assert.equal(topology > 0, changes);
      const counted = totalFlops(run.progress.flops) - topology;
      if (FALLING.includes(method)) {
        for (const phase of Object.keys(trained) as (keyof typeof trained)[]) {
          assert.ok(trained[phase] <= foretold[phase], phase);
        }
        assert.ok(counted < planned.counted && counted > planned.counted / 10);
        return;
      }
      if (ABOUT.includes(method)) {
        assert.ok(Math.abs(counted / planned.counted - 1) < 0.2, `${counted / planned.counted}`);
        return;
      }
      // Between layers, connections cost the same but for the gradient of the layer's inputs.
      if (["snfs", "dsr"].includes(method)) trained.inputGradient = foretold.inputGradient;
      assert.deepEqual(trained, foretold);
      if (!["snfs", "dsr"].includes(method)) assert.equal(planned.counted, counted);
    });
  }
}

Deno.test("plannedFlops foretells the scores of held-out rows, and of trials", () => {
  const trials = { members: 3, trials: 2, candidates: [{ dropout: 0 }, { dropout: 0.2 }] };
  const longer = trials.candidates.map((own) => ({ ...own, memberEpochs: 1.5 }));
  const shorter = { ...trials, trialEpochs: 0.5 };
  for (const changes of [{}, trials, shorter, { ...shorter, candidates: longer }]) {
    const settings = tinySettings("sparse-ensemble", {
      ...{
        batchSize: 30,
        dropLastBatch: false,
        memberSelection: "last",
        validationFraction: 60 / 260,
      },
      ...changes,
    });
    const planned = plannedFlops(settings, { rows: 260, columns: 6, classes: 3 });
    using run = openRun(PROBLEM, settings, wasmKernels());
    for (const _event of train(run));
    assert.deepEqual(run.progress.flops, planned.phases);
    assert.ok(planned.phases.validation > 0.05 * planned.counted);
  }
});

Deno.test("plannedFlops leaves the rows out that are held out for validation", () => {
  const settings = tinySettings("static", { validationFraction: 0.2, batchSize: 32 });
  const { trainingRows, steps } = plannedFlops(settings, { rows: 203, columns: 4, classes: 2 });
  assert.equal(trainingRows, 162);
  assert.equal(steps, 12 * 5);
});

Deno.test("plannedFlops refuses sizes that are none", () => {
  const table = { rows: 100, columns: 4, classes: 2 };
  const settings = tinySettings("static");
  for (const wrong of [{ rows: 0 }, { columns: 1.5 }, { classes: 1 }, { rows: NaN }]) {
    assert.throws(() => plannedFlops(settings, { ...table, ...wrong }), {
      name: "RangeError",
      message:
        /^Cannot count training: found .* (rows|columns|classes), need an integer from [12]$/,
    });
  }
});

Deno.test("paperFlops counts a dense step by hand: the sum over layers of the rules", () => {
  const [dense] = paperFlops();
  const layers = [[1000, 50], [1000, 1000], [1000, 1000], [5, 1000]];
  const batch = 128;
  let step = (4 * 5 + 1 + 6) * batch;
  layers.forEach(([rows, columns], l) => {
    const weights = rows * columns;
    step += 2 * weights * batch + rows * batch;
    if (l > 0) step += 2 * weights * batch + columns * batch;
    step += 2 * weights * batch + rows * batch + weights + rows;
    step += 8 * (weights + rows);
  });
  assert.equal(totalFlops(dense.planned.step), step);
  assert.equal(dense.planned.weights, 2_055_000);
});

Deno.test("the FLOP figures of docs/counting.md are those that deno task flops prints", async () => {
  const { code, stdout, stderr } = await runTask("flops", []);
  assert.equal(code, 0, stderr);
  const page = readText(`${ROOT}docs/counting.md`).replaceAll(/\s+/g, " ");
  const networks = paperFlops();
  const [dense, ...sparse] = networks;
  const step = totalFlops(dense.planned.step).toLocaleString("en-US");
  const run = dense.steps.toExponential(2).replace("+", "");
  const shares = sparse.map(({ share }) => share.toFixed(3)).join(", ");
  const paper = PAPER_DENSE_FLOPS.toExponential(2).replace("+", "");
  for (const figure of [step, run, shares, paper]) {
    assert.ok(page.includes(figure), `the page does not say ${figure}`);
  }
  for (const figure of [step, "3.42e+13", "1.71e+13", ...sparse.map((s) => s.share.toFixed(3))]) {
    assert.ok(stdout.includes(figure), `the task does not print ${figure}`);
  }
});

Deno.test("flops counts any architecture, and says what is missing", async () => {
  const table = ["--columns", "6", "--rows", "200", "--classes", "3"];
  const network = ["--method", "static", "--hidden", "30,30", "--epsilon", "2", "--json"];
  const counted = await runTask("flops", [...table, ...network]);
  assert.equal(counted.code, 0, counted.stderr);
  const { settings, ...planned } = JSON.parse(counted.stdout);
  assert.deepEqual(planned, plannedFlops(settings, { rows: 200, columns: 6, classes: 3 }));
  const partly = await runTask("flops", ["--columns", "6"]);
  assert.deepEqual(
    [partly.code, partly.stderr],
    [2, "Cannot count training: need all of --columns, --rows and --classes\n"],
  );
  const none = await runTask("flops", ["--epsilon", "6"]);
  assert.deepEqual(
    [none.code, none.stderr],
    [2, "Cannot count training: need --columns, --rows and --classes too\n"],
  );
});
