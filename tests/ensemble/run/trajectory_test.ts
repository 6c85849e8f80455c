import assert from "node:assert/strict";
import { memberOutputs, openEnsemble } from "../../../lib/prediction/prediction.ts";
import { activationOf } from "../../../lib/settings/mod.ts";
import { type RecordedOutputs, trainRecording } from "../../../lib/ensemble/trajectory.ts";
import { openRun } from "../../../lib/ensemble/training_run.ts";
import { wasmKernels } from "../../../lib/kernels/wasm/wasm.ts";
import { blobs, PROBLEM, tinySettings, trained } from "../tiny_runs.ts";

const rows = blobs(50, 6, 3, 4);

function recorded(settings: ReturnType<typeof tinySettings>) {
  using run = openRun(PROBLEM, settings, wasmKernels());
  const points: RecordedOutputs[] = [];
  for (const event of trainRecording(run, rows)) if (event.type === "outputs") points.push(event);
  return { points, members: run.progress.members };
}

Deno.test("a trajectory has a start and every epoch of every member, and trains the same", () => {
  const settings = tinySettings("fd", { memberSelection: "last" });
  const { points, members } = recorded(settings);
  // 4 epochs of exploration, then two members of 4.
  assert.deepEqual(
    points.map(({ member, epoch, start }) => `${member} ${epoch}${start ? " start" : ""}`),
    [
      ...["0 4 start", "0 5", "0 6", "0 7", "0 8"],
      ...["1 8 start", "1 9", "1 10", "1 11", "1 12"],
    ],
  );
  assert.deepEqual(members, trained(settings).members);
  // The last point of a member is what the stored member answers; re-initialised it answers otherwise.
  using ensemble = openEnsemble(members, activationOf(settings), wasmKernels());
  const own = memberOutputs(ensemble, rows.features, rows.rows);
  assert.deepEqual(points[4].outputs, own[0]);
  assert.deepEqual(points[9].outputs, own[1]);
  assert.notDeepEqual(points[5].outputs, own[0]);
});

Deno.test("without exploration a trajectory begins before the first batch", () => {
  const { points } = recorded(tinySettings("dense-ensemble", { epochs: 3 }));
  assert.deepEqual(points.map(({ epoch, start }) => [epoch, start]), [
    ...[[0, true], [1, false], [2, false], [3, false]],
    ...[[3, true], [4, false], [5, false], [6, false]],
  ]);
});
