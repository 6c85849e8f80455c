/**
 * The study of sparse and dense networks. Its contenders follow from measured weights and seconds by
 * rule. To write them anew:
 * `deno test --allow-all tests/documentation/why_sparse/widths_test.ts -- --write`.
 */
import assert from "node:assert/strict";
import { readJsonFile, writeFile } from "../../files.ts";
import { ROOT } from "../../tasks/run_task.ts";
import { whySparseContenders } from "./widths.ts";

const CONTENDERS = `${ROOT}results/why_sparse/contenders.json`;

Deno.test("the dense networks of the study have the widths that the rule gives", () => {
  const expected = whySparseContenders();
  if (Deno.args.includes("--write")) {
    const lines = Object.entries(expected).map(([name, settings]) =>
      `  ${JSON.stringify(name)}: ${JSON.stringify(settings)}`
    );
    writeFile(CONTENDERS, `{\n${lines.join(",\n")}\n}\n`);
  } else assert.deepEqual(readJsonFile(CONTENDERS), expected);
});
