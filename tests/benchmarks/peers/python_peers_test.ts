import assert from "node:assert/strict";
import { openPythonPeers } from "../../../lib/benchmarks/peers/python_peers.ts";

const SIZES = { neurons: 60, nnz: 400, batch: 32, layers: [5, 20, 20, 3] };
const NAMES = ["PyTorch", "SciPy", "scikit-learn"];

Deno.test("openPythonPeers says so where there is no Python", async () => {
  await using peers = await openPythonPeers(SIZES, "no-such-python");
  assert.deepEqual(peers.cases, []);
  assert.equal(peers.missing.length, 1);
  assert.match(peers.missing[0].reason, /no-such-python/);
  assert.deepEqual(await peers.round(), []);
});

Deno.test({
  name: "openPythonPeers says so where the program is something else",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using peers = await openPythonPeers(SIZES, "true");
    assert.deepEqual(peers.cases, []);
    assert.match(peers.missing[0].reason, /"true" ended before it answered/);
  },
});

Deno.test("openPythonPeers times what is installed and names what is not", async () => {
  await using peers = await openPythonPeers(SIZES);
  if (peers.missing[0]?.name.includes(",")) return assert.deepEqual(peers.cases, []);
  const named = [...peers.cases.map(({ library }) => library), ...peers.missing.map((m) => m.name)];
  const libraries = new Set(named.map((name) => name.split(/[ :]/)[0]));
  assert.deepEqual([...libraries].sort(), NAMES);
  for (let round = 0; round < 2; round++) {
    const times = await peers.round();
    assert.equal(times.length, peers.cases.length);
    for (const ms of times) assert.ok(ms > 0 && ms < 60_000);
  }
});
