import assert from "node:assert/strict";
import { encodeModel } from "../../lib/model/mod.ts";
import { fitFile, type FitFileOptions } from "../../lib/streams/mod.ts";
import { namesIn, newFolder } from "../files.ts";
import { mixedTable } from "./tiny_tables.ts";

const SETTINGS = { method: "set", hidden: [8, 8], epsilon: 2, members: 1, epochs: 2 } as const;

function options(other: Partial<FitFileOptions> = {}): FitFileOptions {
  return { target: "class", ignore: ["price"], memory: 1e6, folder: newFolder(), ...other };
}

Deno.test("fitFile gives the same bytes again, and leaves its folder empty", async () => {
  const file = mixedTable();
  const bytes = async () => {
    const own = options();
    const model = await fitFile(file, own, { ...SETTINGS, kernels: "wasm" });
    assert.deepEqual(namesIn(own.folder), []);
    assert.deepEqual(model.classes, ["alpha", "mid", "omega"]);
    return encodeModel(model).metadata.sha256;
  };
  assert.equal(await bytes(), await bytes());
});

Deno.test("fitFile that is stopped, or cannot begin, leaves its folder empty", async () => {
  const file = mixedTable();
  const own = options({ signal: AbortSignal.abort(new Error("enough")) });
  await assert.rejects(fitFile(file, own, SETTINGS), /^Error: enough$/);
  assert.deepEqual(namesIn(own.folder), []);
  const none = options({ target: "none" });
  await assert.rejects(fitFile(file, none, SETTINGS), /found no column "none"/);
  assert.deepEqual(namesIn(none.folder), []);
  await assert.rejects(fitFile(file, options({ memory: 10 }), SETTINGS), RangeError);
  await assert.rejects(fitFile(file, options(), { trials: 2 }), /"trials" 2, whose members learn/);
});
