/** The settings of trials: their epochs, their members, and what they choose among. */
import assert from "node:assert/strict";
import { completeSettings } from "../../mod.ts";
import {
  epochsInTurn,
  epochsOfTrials,
  type Settings,
  trialMembers,
} from "../../lib/settings/mod.ts";
import { trialSettings } from "../ensemble/tiny_runs.ts";

Deno.test("a number of members is a wish, unless settings were stored whole", () => {
  const stored = completeSettings({ recipe: "modern" });
  assert.deepEqual([stored.members, stored.keepTrials], [8, false]);
  assert.equal(completeSettings({ recipe: "modern", members: 12 }).keepTrials, false);
  const none = completeSettings({ recipe: "modern", members: 12, trials: 0 });
  assert.ok(!Object.hasOwn(none, "keepTrials") && !Object.hasOwn(none, "trialEpochs"));
  const kept = completeSettings({ recipe: "modern", members: 12, keepTrials: true });
  assert.ok(!Object.hasOwn(kept, "keepTrials"));
  for (const settings of [stored, none, kept, completeSettings({ recipe: "modern", members: 3 })]) {
    assert.deepEqual(completeSettings(settings), settings);
  }
});

Deno.test("stored settings keep what they leave out, whatever their recipe has by now", () => {
  const { blockSize, trialEpochs, keepTrials, ...before } = completeSettings({ recipe: "modern" });
  assert.deepEqual([blockSize, trialEpochs, keepTrials], [8, 0.5, false]);
  assert.deepEqual(completeSettings(before), before);
});

Deno.test("a trial has one epoch at least, and the share of all epochs is no setting", () => {
  assert.deepEqual(epochsOfTrials(trialSettings({ epochs: 3, trialEpochs: 0.01 })), [1, 1, 1]);
  const candidates = [{ memberEpochs: 2.5 }, { dropout: 0 }, { memberEpochs: 0.1 }];
  assert.deepEqual(epochsOfTrials({ epochs: 12, trialEpochs: 0.5, candidates }), [15, 6, 1]);
  assert.deepEqual(epochsOfTrials({ epochs: 12, candidates }), [30, 12, 1]);
  assert.ok(!Object.hasOwn(completeSettings({ trialEpochs: 1 }), "trialEpochs"));
  assert.throws(() => completeSettings({ trialEpochs: 0 }), RangeError);
});

Deno.test("members learn for an epoch at least, and candidates that all agree change no schedule", () => {
  const candidates = [{ memberEpochs: 0.01 }, { memberEpochs: 1 }, {}];
  const { epochs } = trialSettings();
  assert.deepEqual(epochsInTurn({ epochs, candidates }, [0, 1, 0]), [1, epochs, 1]);
  assert.equal(epochsInTurn({ epochs, candidates }, [1, 2]), undefined);
  assert.equal(epochsInTurn({ epochs, candidates }, []), undefined);
  const wrong = { recipe: "modern", candidates: [{ memberEpochs: 0 }] } as const;
  assert.throws(() => completeSettings(wrong), /candidates.*memberEpochs.*found 0/);
});

Deno.test("trials need independent members, held-out rows, and something to choose from", () => {
  const wrong: [Partial<Settings>, RegExp][] = [
    [{ candidates: [] }, /"candidates": found \[\], need some/],
    [{ memberSelection: "best" }, /"memberSelection": found "best", need "last"/],
    [{ validationFraction: 0 }, /"validationFraction": found 0, need above 0/],
    [{ memberWeighting: 1 }, /"memberWeighting": found 1, need 0/],
    [{ method: "fd", epochs: 30 }, /"trials": found 2, need 0 with method "fd"/],
  ];
  for (const [changes, message] of wrong) {
    assert.throws(() => trialSettings(changes), { name: "RangeError", message });
  }
  const candidates = (candidate: object) => () =>
    completeSettings({ recipe: "modern", candidates: [candidate] });
  assert.throws(candidates({ droput: 0.1 }), TypeError);
  assert.throws(candidates({ dropout: 1.5 }), RangeError);
  assert.throws(candidates({ dropout: "much" }), TypeError);
});

Deno.test("a given setting holds for every candidate, so that trials do not choose another value", () => {
  const candidatesOf = (partial: object) => completeSettings(partial).candidates;
  const frequencies = [{ frequency: 0.02 }, { frequency: 0.2 }, { frequency: 2 }];
  assert.deepEqual(candidatesOf({ dropout: 0.33 }), frequencies);
  assert.deepEqual(candidatesOf({ dropout: 0.33, task: "regression" }), frequencies);
  // From smooth to fine, as the recipe has them.
  assert.deepEqual(
    candidatesOf({ frequency: 1 }),
    [0.4, 0.2, 0.1, 0].map((dropout) => ({ dropout })),
  );
  // Nothing is left to choose, but the trials still calibrate.
  const both = completeSettings({ frequency: 1, dropout: 0.33 });
  assert.deepEqual([both.candidates, trialMembers(both)], [[{}], 2]);
  // What candidates do not vary leaves them as they are, and so do candidates that a person gives.
  assert.deepEqual(candidatesOf({ labelSmoothing: 0 }), candidatesOf({}));
  const own = [{ dropout: 0.1 }, { dropout: 0.3 }];
  assert.deepEqual(candidatesOf({ dropout: 0.2, candidates: own }), own);
  // Stored settings are complete, and keep their candidates.
  const stored = completeSettings({ dropout: 0.33 });
  assert.deepEqual(completeSettings(stored), stored);
});
