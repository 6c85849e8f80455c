import assert from "node:assert/strict";
import { methodNamed, METHODS } from "../../lib/methods/mod.ts";
import { onlyValues, readsSetting, type Settings } from "../../lib/settings/mod.ts";
import { tinySettings, trained } from "../ensemble/tiny_runs.ts";

/** Other values of settings that some methods do not read. */
const OTHER: Partial<Settings> = {
  epsilon: 3,
  density: 0.5,
  allocation: "uniform",
  blockSize: 2,
  explore: 2,
  refinement: "comprehensive",
  reinitializeRate: 0.5,
  pruneRate: 0.4,
  interval: 3,
  // Sooner than any method ends its updates by itself.
  evolveUntil: 0.1,
  growthCandidates: 2,
  densityLimit: 0.1,
  lambda: 0.5,
  distanceSamples: 5,
};

for (const name of METHODS) {
  Deno.test(`${name}: the settings that it reads change weights, and no others do`, () => {
    const method = methodNamed(name);
    const growth = { growth: readsSetting(method, "growth") ? "strength" : "random" } as const;
    const only = onlyValues(method);
    const fixed = Object.fromEntries(Object.entries(only).map(([name, [value]]) => [name, value]));
    const weights = (changes: Partial<Settings>) =>
      trained(tinySettings(name, { memberSelection: "last", ...growth, ...fixed, ...changes }))
        .members
        .map(({ layers }) => layers);
    const before = weights({});
    for (const [setting, value] of Object.entries(OTHER)) {
      if (Object.hasOwn(fixed, setting)) continue;
      const after = weights({ [setting]: value });
      if (readsSetting(method, setting)) assert.notDeepEqual(after, before, setting);
      else assert.deepEqual(after, before, setting);
    }
  });
}
