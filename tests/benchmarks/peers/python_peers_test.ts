import assert from "node:assert/strict";
import { wrongResult } from "../../../lib/benchmarks/peers/peers.ts";
import { openPythonPeers } from "../../../lib/benchmarks/peers/python_peers.ts";
import { drawSharedWork, type SharedWork } from "../../../lib/benchmarks/peers/shared_work.ts";
import { kernels, SMALL } from "./small_work.ts";

const WORK = drawSharedWork(kernels, SMALL);

/** The works of every library, in the order of the alphabet. */
const CASES: Record<string, string[]> = {
  "SciPy": ["sparse forward", "sparse forward"],
  "PyTorch": ["dense", "sparse"].flatMap((kind) =>
    ["forward", "forward + backward", "training step"].map((work) => `${kind} ${work}`)
  ),
  "SparseLab": ["sparse forward", "sparse forward + backward", "sparse training step"],
  "SparseProp": ["sparse forward", "sparse forward + backward", "sparse training step"],
  "scikit-learn": ["dense training step"],
};

Deno.test("openPythonPeers says so where there is no Python", async () => {
  await using peers = await openPythonPeers(WORK, "no-such-python");
  assert.deepEqual(peers.cases, []);
  assert.equal(peers.missing.length, 1);
  assert.match(peers.missing[0].reason, /no-such-python/);
  assert.deepEqual(await peers.round(), []);
});

Deno.test({
  name: "openPythonPeers says so where the program is something else",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using peers = await openPythonPeers(WORK, "true");
    assert.deepEqual(peers.cases, []);
    assert.match(peers.missing[0].reason, /"true" ended before it answered/);
  },
});

Deno.test("openPythonPeers times what is installed, with our results, and names what is not", async (t) => {
  await using peers = await openPythonPeers(WORK);
  for (const { library } of peers.cases) assert.match(library, /^\S+ \d+\.\d+/);
  for (const [name, works] of Object.entries(CASES)) {
    const missing = peers.missing.find((each) => each.name.split(", ").includes(name));
    const reason = missing === undefined ? "" : ` (${missing.reason})`;
    await t.step({
      name: `${name}${reason}`,
      ignore: missing !== undefined,
      fn() {
        const cases = peers.cases.filter(({ library }) => library.startsWith(`${name} `));
        assert.deepEqual(cases.map(({ work }) => work).sort(), works);
        for (const each of cases) {
          if (each.unchecked === undefined) assert.ok(each.difference! < 1e-5, each.work);
          else assert.equal(name, "scikit-learn");
          assert.equal(wrongResult(each), null);
        }
      },
    });
    if (missing?.install !== undefined) assert.match(missing.install, /^pip install /);
  }
  for (let round = 0; round < 2; round++) {
    const times = await peers.round();
    assert.equal(times.length, peers.cases.length);
    for (const ms of times) assert.ok(ms > 0);
  }
});

Deno.test("a result that is not ours is left out", async () => {
  const off = (array: Float32Array) => array.map((value, i) => i === 7 ? value + 0.1 : value);
  const { expected, network } = WORK;
  const wrong: SharedWork = {
    ...WORK,
    expected: {
      out: off(expected.out),
      dx: expected.dx,
      gradient: off(expected.gradient),
      blockOut: off(expected.blockOut),
    },
    network: { ...network, losses: [network.losses[0], network.losses[1] + 0.01] },
  };
  await using peers = await openPythonPeers(wrong);
  for (const each of peers.cases.filter(({ unchecked }) => unchecked === undefined)) {
    assert.match(wrongResult(each)!, /^its result differs from ours by \d/, each.library);
  }
});
