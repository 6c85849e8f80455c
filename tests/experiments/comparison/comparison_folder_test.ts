import assert from "node:assert/strict";
import {
  appendScore,
  openComparison,
  readComparison,
} from "../../../lib/experiments/comparison/comparison_folder.ts";
import { newFolder, readText, writeFile } from "../../files.ts";

const score = {
  name: "ours",
  dataset: "pol",
  seed: 1,
  value: 0.75,
  task: "regression",
  testRows: 20,
  fitSeconds: 1,
  predictSeconds: 0.5,
  modelBytes: 100,
  weights: 7,
  density: 0.1,
  flops: 1e6,
} as const;

Deno.test("a score is stored with its value under the name that old records have", () => {
  const folder = newFolder();
  appendScore(folder, score);
  const line = readText(`${folder}/comparison.jsonl`);
  assert.match(
    line,
    /^{"name":"ours","dataset":"pol","seed":1,"accuracy":0.75,"task":"regression",/,
  );
  assert.doesNotMatch(line, /value/);
  assert.deepEqual(readComparison(folder).scores, [score]);
});

Deno.test("a line that was cut off does not count, and the next score does not continue it", () => {
  const folder = newFolder();
  appendScore(folder, score);
  const path = `${folder}/comparison.jsonl`;
  writeFile(path, `${readText(path)}{"name":"ou`);
  assert.equal(readComparison(folder).scores.length, 1);
  openComparison(folder);
  appendScore(folder, { ...score, seed: 2 });
  assert.deepEqual(readComparison(folder).scores.map(({ seed }) => seed), [1, 2]);
});
