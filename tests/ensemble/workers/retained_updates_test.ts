/**
 * The retained updates of WASAP-SGD, worked out by hand: "only the updates of connections that still exist".
 */
import assert from "node:assert/strict";
import { retainValidUpdates } from "../../../lib/ensemble/workers/retained_updates.ts";
import { randomStream } from "../../../lib/random.ts";
import type { Pattern } from "../../../lib/sparse/mod.ts";

function pattern(rows: readonly (readonly number[])[], columns: number): Pattern {
  const indptr = Int32Array.of(0, ...rows.map((_, r) => rows.slice(0, r + 1).flat().length));
  return { shape: [rows.length, columns], indptr, indices: Int32Array.from(rows.flat()) };
}

Deno.test("updates of connections that still exist are kept, others dropped, grown connections get 0", () => {
  // Worked out by hand: (0,1) and (2,0) are gone, (0,3), (1,1) and (2,2) are new, (0,2) and (2,3) stay.
  const before = pattern([[1, 2], [], [0, 3]], 4);
  const now = pattern([[2, 3], [1], [2, 3]], 4);
  const retained = new Float32Array(5).fill(9);
  const gone = retainValidUpdates(before, now, Float32Array.of(0.1, 0.2, 0.3, 0.4), retained);
  assert.equal(gone, 2);
  assert.deepEqual([...retained], [...Float32Array.of(0.2, 0, 0, 0, 0.4)]);
});

Deno.test("a topology that has not changed keeps every update", () => {
  const same = pattern([[0, 2], [1]], 3);
  const retained = new Float32Array(3);
  assert.equal(retainValidUpdates(same, same, Float32Array.of(1, 2, 3), retained), 0);
  assert.deepEqual([...retained], [1, 2, 3]);
});

Deno.test("the numbers of a block stay together", () => {
  const before = pattern([[0, 1]], 3);
  const now = pattern([[1, 2]], 3);
  const retained = new Float32Array(4);
  assert.equal(retainValidUpdates(before, now, Float32Array.of(1, 2, 3, 4), retained), 1);
  assert.deepEqual([...retained], [3, 4, 0, 0]);
});

Deno.test("retained updates agree with a map of positions, on random topologies", () => {
  const random = randomStream(1, "retained");
  for (let trial = 0; trial < 50; trial++) {
    const draw = () =>
      pattern(
        Array.from({ length: 6 }, () => [0, 1, 2, 3, 4].filter(() => random.float() < 0.5)),
        5,
      );
    const [before, now] = [draw(), draw()];
    const positions = ({ indptr, indices }: Pattern) =>
      [...indices].map((column, entry) =>
        5 * ([...indptr].findIndex((end) => end > entry) - 1) + column
      );
    const gradient = Float32Array.from(before.indices, () => random.normal());
    const known = new Map(positions(before).map((position, entry) => [position, gradient[entry]]));
    const retained = new Float32Array(now.indices.length);
    const gone = retainValidUpdates(before, now, gradient, retained);
    assert.deepEqual([...retained], positions(now).map((position) => known.get(position) ?? 0));
    const left = positions(now).filter((position) => known.has(position)).length;
    assert.equal(gone, before.indices.length - left);
  }
});
