import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { builtinPathFrom } from "../../../lib/data/builtin/builtin.ts";
import { builtinDatasetPath } from "../../../mod.ts";
import { BUILTIN_DATASETS } from "../../../lib/data/builtin/mod.ts";
import { readHeader } from "../../../lib/data/formats/mod.ts";

Deno.test("builtinDatasetPath finds every built-in data set with its target column", async () => {
  assert.deepEqual(Object.keys(BUILTIN_DATASETS), ["segment"]);
  for (const [name, { target }] of Object.entries(BUILTIN_DATASETS)) {
    assert.ok(existsSync(builtinDatasetPath(name)), name);
    assert.ok((await readHeader(builtinDatasetPath(name))).includes(target), name);
  }
});

Deno.test("builtinDatasetPath refuses names it does not know", () => {
  for (const name of ["iris", "toString", ""]) {
    assert.throws(() => builtinDatasetPath(name), {
      name: "RangeError",
      message: `Cannot find a built-in data set: found ${
        JSON.stringify(name)
      }, need one of "segment"`,
    });
  }
});

Deno.test("builtinDatasetPath says where the data are if the library was imported by URL", () => {
  assert.throws(
    () => builtinPathFrom("segment", "https://example.org/lib/data/builtin/builtin.ts"),
    {
      name: "TypeError",
      message: 'Cannot read the built-in data set "segment" from ' +
        'https://example.org/lib/data/builtin/segment.csv.gz: found "https:", ' +
        "need a local file (download it first)",
    },
  );
});
