/** EDST as published, by settings. S. Liu et al., ICLR 2022; its settings for CIFAR are those of its code. */
import assert from "node:assert/strict";
import type { TrainingEvent } from "../../../lib/ensemble/training_event.ts";
import { methodOf } from "../../../lib/methods/methods.ts";
import { completeSettings } from "../../../lib/settings/mod.ts";
import { tinySettings, trained } from "../tiny_runs.ts";

Deno.test("EDST by steps updates every ΔT steps, with a rate that stays", () => {
  const published = { method: "edst", growth: "gradient", updateSteps: 1000, pruneRate: 0.5 };
  const settings = completeSettings(published);
  const { growthCandidates, refinement, reinitializeRate } = settings;
  assert.deepEqual([growthCandidates, refinement, reinitializeRate], [null, "plain", 0.8]);
  const { name, when } = methodOf(settings).topology;
  assert.deepEqual([name, when!.every, when!.unit, when!.until], ["EDST", 1000, "steps", 1]);
  assert.deepEqual(
    [0, 0.3, 0.9, 1].map((progress) => when!.pruneRate!(progress)),
    Array(4).fill(0.5),
  );
  assert.deepEqual(completeSettings(settings), settings);
  // Without steps it is as before, and random growth has them too.
  assert.equal(methodOf(completeSettings({ method: "edst" })).topology.when, undefined);
  const random = methodOf(completeSettings({ method: "edst", updateSteps: 7 })).topology;
  assert.deepEqual([random.name, random.when!.every], ["EDST_RG", 7]);
});

Deno.test("a run of EDST by steps replaces half in every update, and 0.8 between members", () => {
  const settings = tinySettings("edst", {
    growth: "gradient",
    updateSteps: 7,
    pruneRate: 0.5,
    reinitializeRate: 0.8,
  });
  const updates: (TrainingEvent & { type: "topology" })[] = [];
  const onEvent = (event: TrainingEvent) => {
    if (event.type === "topology") updates.push(event);
  };
  const { members } = trained(settings, { onEvent });
  const connections = members[0].layers.map((layer) =>
    layer.kind === "sparse" ? layer.indices.length : 0
  );
  const share = ({ grown, layer }: typeof updates[number]) => grown / connections[layer];
  const [between, within] = ["reinitialize", "update"]
    .map((kind) => updates.filter((update) => update.kind === kind));
  // Twelve epochs of ten batches; the first member ends after eight epochs, where no update comes.
  const expected = Array.from({ length: 17 }, (_, i) => 7 * (i + 1));
  assert.deepEqual([...new Set(within.map(({ step }) => step))], expected);
  // Also in the second half of refinement, where the schedule's own rate is halved.
  for (const update of within) assert.ok(Math.abs(share(update) - 0.5) < 0.01, `${share(update)}`);
  assert.equal(between.length, 2);
  for (const update of between) assert.ok(Math.abs(share(update) - 0.8) < 0.01, `${share(update)}`);
});
