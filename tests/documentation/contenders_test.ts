/** The contenders of a committed comparison are what it ran with, whatever the recipes have become since. */
import assert from "node:assert/strict";
import { completeSettings } from "../../lib/settings/mod.ts";
import { isThere, namesIn, readJsonFile } from "../files.ts";
import { ROOT } from "../tasks/run_task.ts";
import type { RecordOfAny } from "./records.ts";

/** The values of settings that a record from before them does not have. */
const BEFORE = { blockSize: 1, trialEpochs: 1, keepTrials: true } as const;

/** RigL has updated by epochs then, and cannot do so now. */
const CANNOT = { "Growth by gradient (RigL)": ["evolveUntil", "growthCandidates"] } as const;

/** The folders below one that have a file of contenders. */
function withContenders(folder: string): string[] {
  const own = isThere(`${ROOT}${folder}/contenders.json`) ? [folder] : [];
  const below = namesIn(`${ROOT}${folder}`).filter((name) => !name.includes("."));
  return [...own, ...below.flatMap((name) => withContenders(`${folder}/${name}`))];
}

const FOLDERS = withContenders("results");

Deno.test("comparisons that can be repeated have contenders", () => {
  assert.ok(FOLDERS.includes("results/comparison") && FOLDERS.length >= 10, FOLDERS.join());
});

for (const folder of FOLDERS) {
  Deno.test(`${folder}/contenders.json has the settings of its record`, () => {
    const contenders: RecordOfAny = readJsonFile(`${ROOT}${folder}/contenders.json`);
    const recorded: RecordOfAny = readJsonFile(`${ROOT}${folder}/comparison.json`).contenders;
    for (const [name, given] of Object.entries<RecordOfAny>(contenders)) {
      const { onDatasets, ...settings } = given;
      const { onDatasets: recordedOn, seed: _, ...expected } = recorded[name];
      assert.deepEqual(onDatasets, recordedOn, name);
      const now: RecordOfAny = completeSettings(settings);
      const left = new Set<string>(CANNOT[name as keyof typeof CANNOT] ?? []);
      // Widths by data set stand above it.
      if (onDatasets !== undefined) left.add("hidden");
      for (const [key, value] of Object.entries(expected)) {
        if (!left.has(key)) assert.deepEqual(now[key], value, `${name}: ${key}`);
      }
      for (const [key, value] of Object.entries(BEFORE)) {
        const matters = key === "blockSize" || now.trials > 0;
        // A value of before may be left out.
        if (matters && !(key in expected)) {
          assert.equal(now[key] ?? value, value, `${name}: ${key}`);
        }
      }
    }
  });
}
