import assert from "node:assert/strict";
import { openPapi } from "../../lib/counters/papi.ts";
import { PapiError } from "../../lib/counters/papi_library.ts";
import { buildFakePapi, hasCompiler, withLibrary } from "./fake_papi.ts";

const ignore = !hasCompiler;

for (
  const [name, number] of [["5.0", "0x05000000"], ["5.7", "0x05070000"], ["6.0", "0x06000000"], [
    "7.0",
    "0x07000000",
  ], ["7.2", "0x07020000"]]
) {
  Deno.test({
    name: `openPapi finds out that a libpapi is version ${name} (needs a C compiler)`,
    ignore,
    fn() {
      using papi = openPapi({ path: buildFakePapi({ VERSION: number }) });
      assert.equal(papi.version, name);
      assert.equal(papi.processor, "A made-up processor");
      assert.equal(papi.virtualMachine, null);
    },
  });
}

for (const [name, number] of [["4.2", "0x04020000"], ["8.0", "0x08000000"]]) {
  Deno.test({
    name: `openPapi refuses version ${name} (needs a C compiler)`,
    ignore,
    fn() {
      const path = buildFakePapi({ VERSION: number });
      assert.throws(() => openPapi({ path }), {
        name: "PapiError",
        code: -1,
        message: `Cannot use "${path}": it takes none of PAPI's versions 5.0 to 7.9`,
      });
    },
  });
}

Deno.test({
  name: "openPapi passes on why a libpapi cannot be initialised (needs a C compiler)",
  ignore,
  fn() {
    const path = buildFakePapi({ VERSION: "0x06000000", INITIALIZED: "-13" });
    assert.throws(() => openPapi({ path }), {
      code: -13,
      message:
        `Cannot initialise "${path}": PAPI says "Hardware does not support performance counters" (-13)`,
    });
  },
});

Deno.test({
  name: "openPapi takes the library that the environment names (needs a C compiler)",
  ignore,
  async fn() {
    const path = buildFakePapi({ VERSION: "0x05040000" });
    await withLibrary(path, () => {
      using papi = openPapi();
      assert.deepEqual([papi.path, papi.version], [path, "5.4"]);
      return Promise.resolve();
    });
  },
});

Deno.test("openPapi names a library that is missing", () => {
  assert.throws(() => openPapi({ path: "/nowhere/libpapi.so" }), (error) => {
    assert.ok(error instanceof PapiError && error.code === null && error.cause instanceof Error);
    assert.match(
      error.message,
      /^Cannot use "\/nowhere\/libpapi.so" as libpapi: .*No such file or directory$/,
    );
    return true;
  });
});

Deno.test({
  name: "openPapi names a function that a library lacks",
  ignore: Deno.build.os !== "linux",
  fn() {
    assert.throws(
      () => openPapi({ path: "libc.so.6" }),
      /^PapiError: Cannot use "libc.so.6" as libpapi: .*symbol: PAPI_/,
    );
  },
});

Deno.test("openPapi asks for no permission that it does not have", () => {
  const script = new URL("../../lib/counters/papi.ts", import.meta.url).href;
  const code = `import { openPapi } from ${JSON.stringify(script)};
    try { openPapi(); } catch (error) { console.log(error.message); }`;
  const { stdout } = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-config",
      "--no-prompt",
      "--ext=ts",
      "data:application/typescript," + encodeURIComponent(code),
    ],
  }).outputSync();
  assert.equal(
    new TextDecoder().decode(stdout),
    "Cannot open libpapi: found no permission, need --allow-ffi\n",
  );
});
