import assert from "node:assert/strict";
import { completeSettings } from "../../lib/settings/mod.ts";
import { streamSettings } from "../../lib/streams/stream_settings.ts";

Deno.test("streams train the middle candidate in place of trials that nobody asked for", () => {
  const [first, second, third] = [{ frequency: 0.1 }, { frequency: 0.5 }, { frequency: 2 }];
  const expected = completeSettings({
    ...{ recipe: "modern", ...second },
    ...{ trials: 0, candidates: [] },
  });
  assert.deepEqual(
    streamSettings({ recipe: "modern", candidates: [first, second, third] }),
    expected,
  );
  // Its members' epochs belong to the schedule after trials.
  const longer = [first, { ...second, memberEpochs: 3 }, third];
  assert.deepEqual(streamSettings({ recipe: "modern", candidates: longer }), expected);
});

Deno.test("streams refuse trials that were asked for", () => {
  assert.throws(() => streamSettings({ recipe: "modern", trials: 1 }), {
    name: "TypeError",
    message: /found "trials" 1, whose members learn from all rows at last/,
  });
});
