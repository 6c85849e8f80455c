/** Every method trains on streamed rows, or says why it cannot. */
import assert from "node:assert/strict";
import { completeConfig, startRun } from "../../lib/experiments/run/mod.ts";
import { methodNamed, METHODS } from "../../lib/methods/mod.ts";
import { tinySettings } from "../ensemble/tiny_runs.ts";
import { newFolder } from "../files.ts";
import { mixedTable } from "./tiny_tables.ts";

const file = mixedTable(120);

for (const method of METHODS) {
  const { sample, lesson, votes } = methodNamed(method);
  const isRefused = (sample ?? lesson ?? votes) !== undefined;
  Deno.test(`${method} ${isRefused ? "is refused with" : "trains on"} streamed rows`, async () => {
    const given = {
      ...tinySettings(method, { hidden: [8, 8], batchSize: 16 }),
      ...{ file, target: "class", ignore: ["price"], kernels: "wasm", memory: 1e6 },
    };
    if (isRefused) {
      assert.throws(() => completeConfig(given), /whose members learn from rows of their own/);
      return;
    }
    const result = await startRun(completeConfig(given), `${newFolder()}/run`);
    assert.equal(result.status, "finished");
  });
}
