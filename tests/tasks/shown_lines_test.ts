/** Lines of progress and results, without a process around them. */
import assert from "node:assert/strict";
import { completeSettings, settingsForRows } from "../../lib/settings/mod.ts";
import { adaptedLines } from "../../tasks/terminal/progress_display.ts";
import { timeText } from "../../tasks/terminal/result_table.ts";

Deno.test("epochs that are not what was asked for are told in one line", () => {
  const given = completeSettings({ recipe: "modern", epochs: 6 });
  assert.deepEqual(adaptedLines(given, settingsForRows(given, 625), 625), [
    "For 625 rows: epochs 6 → 24, batch size 256 → 32 (or --adapt-to-rows false)",
  ]);
  assert.deepEqual(adaptedLines(given, settingsForRows(given, 5000), 5000), [
    "For 5000 rows: epochs 6 → 8 (or --adapt-to-rows false)",
  ]);
  const exact = completeSettings({ recipe: "modern", epochs: 6, adaptToRows: false });
  assert.deepEqual(adaptedLines(exact, settingsForRows(exact, 625), 625), []);
});

Deno.test("the time of training is never said to be a part of less", () => {
  assert.equal(
    timeText({ train: 1.5, total: 2.3, cpu: 1.9 }),
    "training: 1.5 s of 2.3 s (processor: 1.9 s)",
  );
  assert.equal(
    timeText({ train: 2.8, total: 2.3, cpu: 4 }),
    "training: 2.8 s of members side by side, in 2.3 s (processor: 4.0 s)",
  );
});
