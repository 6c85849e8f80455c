import assert from "node:assert/strict";
import { openPapi } from "../../lib/counters/papi.ts";
import { selfCheck } from "../../lib/counters/self_check.ts";
import { wasmKernels } from "../../lib/kernels/wasm/wasm.ts";
import { countingReference } from "./counting_reference.ts";
import { buildFakePapi, hasCompiler } from "./fake_papi.ts";
import { missing } from "./installed.ts";

Deno.test({
  name: "selfCheck reads the published count back through PAPI (needs libpapi 7)",
  ignore: missing !== null,
  fn() {
    using papi = openPapi();
    const check = selfCheck(papi, wasmKernels(), ["PAPI_NOPE"]);
    assert.equal(check.published.count, check.counted);
    assert.deepEqual(check.events.map(({ event, count }) => [event, count]), [["PAPI_NOPE", null]]);
    assert.match(check.events[0].refusal!, /^Cannot count "PAPI_NOPE"/);
  },
});

Deno.test({
  name: "selfCheck knows how many operations its work is (needs a C compiler)",
  ignore: !hasCompiler,
  fn() {
    const kernels = countingReference();
    using papi = openPapi({ path: buildFakePapi({ EVENT: `"PAPI_SP_OPS"` }) });
    const check = selfCheck(papi, { ...kernels, denseForward: countOnce(kernels) }, [
      "PAPI_SP_OPS",
    ]);
    // It runs all of its work once before, and once for every event.
    const { forward, activation } = kernels.counted;
    assert.equal((forward + activation) * REPEATS, check.counted);
    assert.deepEqual(check.events, [{ event: "PAPI_SP_OPS", count: 1000, refusal: null }]);
    assert.equal(check.published.count, null);
  },
});

/** How often the work multiplies. */
const REPEATS = 20;

/** Counting is slow: one of the equal products is enough, and the others are only counted up to. */
function countOnce(kernels: ReturnType<typeof countingReference>): typeof kernels.denseForward {
  let calls = 0;
  return (...args) => {
    calls++;
    assert.ok(calls <= 2 * REPEATS);
    if (calls === 1) kernels.denseForward(...args);
  };
}
