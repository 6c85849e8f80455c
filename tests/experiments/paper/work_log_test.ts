import assert from "node:assert/strict";
import { openWorkLog } from "../../../lib/experiments/paper/work_log.ts";
import { newFolder, readText, writeFile } from "../../files.ts";

Deno.test("a work log keeps results, also past a line that was cut off", () => {
  const path = `${newFolder()}/measured/log.jsonl`;
  const log = openWorkLog(path);
  assert.equal(log.has("a"), false);
  log.put("a", { seconds: [1, 2] });
  log.put("b", 3);
  assert.deepEqual(openWorkLog(path).get("a"), { seconds: [1, 2] });
  writeFile(path, readText(path).slice(0, -5));
  const cut = openWorkLog(path);
  assert.equal(cut.has("b"), false);
  assert.deepEqual(cut.get("a"), { seconds: [1, 2] });
  cut.put("b", 4);
  assert.equal(openWorkLog(path).get("b"), 4);
});
