import assert from "node:assert/strict";
import { METHODS } from "../../lib/methods/methods.ts";
import { completeSettings, defaultSettings, settingsForRows } from "../../lib/settings/mod.ts";

Deno.test("a recipe is a set of defaults: what is given goes before, and the result completes to itself", () => {
  const settings = completeSettings({ recipe: "modern", dropout: 0.3 });
  assert.deepEqual([settings.method, settings.members, settings.evolveUntil], ["set", 8, 0.6]);
  assert.equal(settings.dropout, 0.3);
  assert.deepEqual(completeSettings(settings), settings);
  assert.deepEqual(completeSettings(), defaultSettings());
  assert.equal(completeSettings({ recipe: "paper" }).method, "fd");
});

Deno.test("every method has defaults in every recipe", () => {
  for (const recipe of ["paper", "modern"] as const) {
    for (const method of METHODS) {
      const settings = completeSettings({ recipe, method });
      assert.deepEqual([settings.recipe, settings.method], [recipe, method]);
    }
  }
});

Deno.test("an unknown recipe is refused by name", () => {
  assert.throws(() => completeSettings({ recipe: "moden" }), {
    name: "RangeError",
    message: 'Cannot use setting "recipe": found "moden", need one of "paper", "modern"',
  });
  assert.throws(() => completeSettings({ recipe: 3 }), TypeError);
});

Deno.test("settingsForRows leaves the paper's recipe as it is", () => {
  const settings = completeSettings({ recipe: "paper" });
  assert.equal(settingsForRows(settings, 100), settings);
});

Deno.test("settingsForRows shortens training with the root of the rows, within bounds", () => {
  const settings = completeSettings({ recipe: "modern", epochs: 24, batchSize: 256 });
  const at = (rows: number) => {
    const { epochs, batchSize } = settingsForRows(settings, rows);
    return [epochs, batchSize];
  };
  assert.deepEqual(at(10_000), [24, 256]);
  assert.deepEqual(at(40_000), [12, 256]);
  assert.deepEqual(at(10_000_000), [8, 256]);
  assert.deepEqual(at(4096), [38, 256]);
  assert.deepEqual(at(4095), [38, 128]);
  assert.deepEqual(at(500), [96, 16]);
  assert.deepEqual(at(50), [96, 16]);
  const adapted = settingsForRows(settings, 500);
  assert.equal(settingsForRows(adapted, 50), adapted);
});
