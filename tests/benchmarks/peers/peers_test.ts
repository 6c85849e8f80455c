import assert from "node:assert/strict";
import { openBackEnds, quartiles } from "../../../lib/benchmarks/measuring/mod.ts";
import type { PeerSpeed } from "../../../lib/benchmarks/peers/peers.ts";
import { openOwnWork } from "../../../lib/benchmarks/peers/own_work.ts";
import { peerTable, sparseOverDenseTable } from "../../../lib/benchmarks/tables.ts";
import { wasmMemory } from "../../../lib/kernels/wasm/mod.ts";
import { SMALL } from "./small_work.ts";

Deno.test("our own work is done without blocks and with them, on every back end", async () => {
  const backEnds = openBackEnds();
  const before = wasmMemory().used;
  {
    await using own = openOwnWork(backEnds, { ...SMALL, batch: 64 });
    const libraries = new Set(own.cases.map(({ library }) => library));
    const names = backEnds.present.flatMap(({ name }) => [name, `${name}, G = 8`]);
    assert.deepEqual([...libraries].sort(), names.sort());
    const of = (library: string) =>
      own.cases.filter((each) => each.library === library).map(({ work }) => work);
    for (const { name } of backEnds.present) {
      assert.equal(of(name).length, 6);
      assert.deepEqual(of(`${name}, G = 8`).sort(), [
        "sparse forward",
        "sparse forward + backward",
        "sparse training step",
      ]);
    }
    const times = await own.round();
    assert.equal(times.length, own.cases.length);
    for (const { work } of own.cases) assert.ok(own.flops(work).forward! > 0, work);
  }
  assert.equal(wasmMemory().used, before);
});

const ms = quartiles([1, 2, 3]);
const flops = {
  ...{ counted: 1e6, hardware: null, event: null, reason: "none", perSecond: 1e9 },
  phases: {} as PeerSpeed["flops"]["phases"],
};
const comparison = {
  speeds: [
    { library: "native", work: "sparse forward" as const, ms, flops, ours: {} },
    {
      ...{ library: "Dense 1.0", work: "dense forward" as const, ms, flops, difference: 2e-7 },
      ...{ ours: { native: ms }, oursSparse: { native: quartiles([20, 22, 24]) } },
    },
    {
      ...{ library: "Other 2.0", work: "dense training step" as const, ms, flops },
      ...{ unchecked: "it draws", ours: {}, oursSparse: { native: ms } },
    },
  ],
  missing: [
    { name: "SparseLab", reason: "No module named 'sparselab'", install: "pip install sparselab" },
    { name: "SciPy 1.17.1: sparse forward + backward", reason: "it has no product" },
  ],
};

Deno.test("the table of peers says what was checked, and how to install what is missing", () => {
  const { head, rows, notes } = peerTable(comparison);
  for (const row of rows) assert.equal(row.length, head.length);
  assert.deepEqual(rows.map(([work]) => work), [
    "dense forward",
    "dense training step",
    "sparse forward",
  ]);
  assert.deepEqual(notes, [
    "Checked: the results of 1 rows are ours, with the same weights and inputs; " +
    "the largest difference is 2.0e-7 of the largest number.",
    "Not checked: Other 2.0: dense training step (it draws)",
    "Left out: SparseLab (No module named 'sparselab'). To install it: pip install sparselab",
    "Left out: SciPy 1.17.1: sparse forward + backward (it has no product)",
  ]);
});

Deno.test("our sparse work stands beside the dense work of others", () => {
  const { head, rows } = sparseOverDenseTable(comparison);
  assert.deepEqual(head.slice(4), ["sparse on native is × as fast", "quartiles"]);
  assert.deepEqual(rows[0].slice(4), ["22.0", "21.0 – 23.0"]);
  assert.equal(rows.length, 2);
});
