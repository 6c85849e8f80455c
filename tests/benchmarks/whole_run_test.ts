import assert from "node:assert/strict";
import { openBackEnds } from "../../lib/benchmarks/measuring/back_ends.ts";
import { changeCounts, wholeRuns } from "../../lib/benchmarks/whole_run.ts";
import { datasetFromArrays } from "../../lib/data/table/from_arrays.ts";
import { defaultSettings } from "../../lib/settings/mod.ts";
import { edstSchedule } from "../../lib/training/schedule.ts";

Deno.test("changeCounts counts what the paper's schedule does", () => {
  const expected = { update: 0, reinitialize: 0 };
  for (let epoch = 0; epoch < 349; epoch++) {
    const refined = epoch - 100;
    if (refined > 0 && (refined + 1) % 50 === 0) expected.reinitialize++;
    else if (epoch % (refined < 0 ? 2 : refined % 50 < 25 ? 4 : 8) === 0) expected.update++;
  }
  assert.equal(expected.reinitialize, 4);
  assert.deepEqual(changeCounts(edstSchedule(defaultSettings("fd"))), expected);
});

Deno.test("wholeRuns tells kernels from the rest, and adds the estimate up", () => {
  const rows = 320;
  const dataset = datasetFromArrays({
    features: Array.from({ length: rows }, (_, row) => [row % 7, row % 11, row]),
    labels: Array.from({ length: rows }, (_, row) => row % 2),
  });
  const { present, missing } = openBackEnds();
  const backEnds = { present: present.slice(0, 1), missing };
  const [run] = wholeRuns(dataset, 12, backEnds, { unavailable: "no counter" });
  assert.equal(run.backEnd, "wasm");
  // 256 training rows are two batches; four layers are updated, three pass a gradient on.
  assert.equal(run.kernels.sparseGradientSgd.calls, 12 * 2 * 4);
  assert.equal(run.kernels.sparseBackward.calls, 12 * 2 * 3);
  assert.equal(run.kernels.adamUpdate.calls, 0);
  assert.ok(run.kernelShare > 0 && run.kernelShare < 1, `${run.kernelShare}`);
  const { train, topology, evaluate, total, topologyShare } = run.estimate;
  for (const part of [train, topology, evaluate]) assert.ok(part > 0);
  assert.ok(Math.abs(train + topology + evaluate - total) < 1e-9);
  assert.equal(topologyShare, topology / total);

  assert.ok(run.counting.ms > 0 && run.counting.share > 0 && run.counting.share < 1);
  const { flops } = run;
  assert.deepEqual([flops.hardware, flops.event, flops.reason], [null, null, "no counter"]);
  const inPasses = flops.passes.reduce((sum, { counted }) => sum + counted, 0);
  const elsewhere = flops.phases.topology + flops.phases.validation;
  assert.ok(Math.abs(inPasses + elsewhere - flops.counted) < 1e-6 * flops.counted);
  for (const { pass, counted, perSecond, ms } of flops.passes) {
    assert.ok(counted > 0 && ms > 0 && perSecond > 0, pass);
    assert.ok(ms <= 1000 * run.seconds, pass);
  }
});
