/** Worker threads counted by the real libpapi, each by an event set of its own. */
import assert from "node:assert/strict";
import { openKernels } from "../../lib/kernels/choose.ts";
import { openHardwareFlops, PAGE_FAULTS, pageFaultsMissing } from "./page_faults.ts";

const WORKERS = 2;
/** 16 MB: thousands of pages, or some large ones. */
const LENGTH = 2 ** 22;
const STEP = { rate: 1, momentum: 0, l2: 0, decay: 0 };

Deno.test({
  name: "libpapi counts every worker thread for itself (needs libpapi and page-fault events)",
  ignore: pageFaultsMissing() !== null,
  async fn() {
    // The first thread initialises libpapi for all.
    const own = openHardwareFlops();
    try {
      const module = new URL("page_faults.ts", import.meta.url).href;
      using opened = await openKernels("wasm", 1 + WORKERS, module);
      const { counts, kernels } = opened;
      assert.ok(counts !== null && "read" in counts);
      assert.equal(counts.event, PAGE_FAULTS);
      using arena = kernels.openArena();
      const gradient = arena.floats(LENGTH);
      // Workers write to fresh memory; on a busy machine this thread may have done it all by itself.
      for (let attempt = 0; attempt < 50; attempt++) {
        const [weights, velocity] = [arena.floats(LENGTH), arena.floats(LENGTH)];
        const before = counts.read();
        kernels.sgdUpdate(gradient, weights, velocity, STEP);
        const faults = counts.read() - before;
        const pages = 2 * LENGTH * 4 / 4096;
        assert.ok(faults >= 0 && faults <= 1.2 * pages + 100, `${faults} of ${pages} pages`);
        if (faults > 0) return;
        arena.release(weights);
        arena.release(velocity);
      }
      assert.fail("no worker thread counted anything");
    } finally {
      own.close();
    }
  },
});
