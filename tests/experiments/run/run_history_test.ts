import assert from "node:assert/strict";
import { readEpochs } from "../../../lib/experiments/run/run_history.ts";
import { newFolder, writeFile } from "../../files.ts";

Deno.test("epochs that a rollback took back are those that were told last", () => {
  const folder = newFolder();
  const epoch = (number: number, accuracy: number) => {
    const rest = { member: 0, phase: "training", accuracy, validationAccuracy: null };
    return { step: 0, type: "epoch", epoch: number, ...rest };
  };
  const events = [epoch(1, 0.1), epoch(2, 0.2), { step: 0, type: "rollback" }, epoch(1, 0.3)];
  const lines = [...events, epoch(2, 0.4), epoch(3, 0.5)].map((event) => JSON.stringify(event));
  writeFile(`${folder}/events.jsonl`, `${lines.join("\n")}\n`);
  const found = readEpochs(folder).map(({ epoch, accuracy }) => [epoch, accuracy]);
  assert.deepEqual(found, [[1, 0.3], [2, 0.4], [3, 0.5]]);
});
