/** The candidates of the trials, beside the settings that a person gives. */
import assert from "node:assert/strict";
import { completeSettings } from "../../mod.ts";
import { middleCandidate, type Settings, settingsOfCandidate } from "../../lib/settings/mod.ts";

const TASKS = ["classification", "regression"] as const;

/** The settings that a member of a candidate has, as far as they have an effect. */
function effective(settings: Settings, candidate: Settings["candidates"][number]): string {
  const { embedding, frequencies, frequency, frequencySpread, ...others } = {
    ...settings,
    ...settingsOfCandidate(candidate),
    candidates: [],
  };
  const sines = embedding === "none" ? [] : [frequencies, frequency, frequencySpread];
  return JSON.stringify([others, sines]);
}

Deno.test("no two candidates of a recipe are the same in effect, whatever is given", () => {
  for (const task of TASKS) {
    for (
      const given of [
        {},
        { embedding: "none" },
        { embedding: "periodic" },
        { frequency: 0.7 },
        { embedding: "none", frequency: 0.7 },
        { dropout: 0.05 },
        { embedding: "none", dropout: 0.05 },
        { embedding: "none", frequencies: 4 },
      ]
    ) {
      const settings = completeSettings({ task, ...given });
      const { candidates } = settings;
      const seen = new Set(candidates.map((candidate) => effective(settings, candidate)));
      assert.equal(seen.size, candidates.length, JSON.stringify({ task, given, candidates }));
      assert.ok(candidates.length > 0);
      const free = Object.keys(given).every((name) => name === "frequencies");
      if (free) assert.deepEqual(candidates, completeSettings({ task }).candidates);
      // Whoever reads stored settings finds them as they are.
      assert.deepEqual(completeSettings(settings), settings);
    }
  }
  const dropouts = (task: typeof TASKS[number]) =>
    completeSettings({ task, embedding: "none" }).candidates;
  assert.deepEqual(dropouts("classification"), [0.4, 0.2, 0.1, 0].map((dropout) => ({ dropout })));
  assert.deepEqual(dropouts("regression"), [0.1, 0].map((dropout) => ({ dropout })));
});

Deno.test("without trials, the candidate in the middle has the dropout that it has among all", () => {
  for (const task of TASKS) {
    const { dropout } = middleCandidate(completeSettings({ task }));
    for (const given of [{ embedding: "none" }, { frequency: 0.7 }]) {
      assert.deepEqual(middleCandidate(completeSettings({ task, ...given })), { dropout });
    }
  }
});

Deno.test("candidates that a person gives, or a record names, stay as they are", () => {
  const candidates = [{ frequency: 0.1, dropout: 0 }, { frequency: 1, dropout: 0 }];
  const settings = completeSettings({ recipe: "modern", embedding: "none", candidates });
  assert.deepEqual(settings.candidates, candidates);
});
