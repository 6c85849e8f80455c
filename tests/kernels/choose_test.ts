import assert from "node:assert/strict";
import { chooseKernels } from "../../lib/kernels/choose.ts";

Deno.test("chooseKernels opens the back end that is named, and says why", () => {
  for (const name of ["wasm", "reference"] as const) {
    const { kernels, reason } = chooseKernels(name);
    assert.equal(kernels.name, name);
    assert.equal(reason, "the settings name it");
  }
});

Deno.test("chooseKernels takes native kernels on its own where it can, and says why where not", () => {
  const { kernels, reason } = chooseKernels("auto");
  if (kernels.name === "native") {
    assert.equal(chooseKernels("native").kernels.description, kernels.description);
    assert.equal(reason, "the fastest there is");
  } else {
    assert.equal(kernels.name, "wasm");
    assert.ok(reason.length < 120, "one line of a terminal, or two");
    const why = reason.replace(/^native kernels are not used: /, "");
    assert.notEqual(why, reason);
    assert.throws(() => chooseKernels("native"), {
      message: `Cannot use the native kernels: ${why}`,
    });
  }
});
