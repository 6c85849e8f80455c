import assert from "node:assert/strict";
import fc from "npm:fast-check@4.3.0";
import { randomStream } from "../../lib/random.ts";
import { erdosRenyi } from "../../lib/sparse/erdos_renyi.ts";
import { indexByBlocks, transposeIndex } from "../../lib/sparse/transpose_index.ts";

const anyShape = {
  rows: fc.nat(12),
  columns: fc.nat(12),
  p: fc.double({ min: 0, max: 1, noNaN: true }),
};

Deno.test("transposeIndex lists the entries of every column in row order", () => {
  fc.assert(
    fc.property(fc.record({ ...anyShape, seed: fc.nat() }), ({ rows, columns, p, seed }) => {
      const pattern = erdosRenyi(rows, columns, p, randomStream(seed));
      const expected: [number, number, number][] = [];
      for (let row = 0; row < rows; row++) {
        for (let entry = pattern.indptr[row]; entry < pattern.indptr[row + 1]; entry++) {
          expected.push([pattern.indices[entry], row, entry]);
        }
      }
      expected.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
      const index = transposeIndex(pattern);
      assert.deepEqual([...index.rows], expected.map(([, row]) => row));
      assert.deepEqual([...index.entries], expected.map(([, , entry]) => entry));
      for (let column = 0; column <= columns; column++) {
        assert.equal(index.indptr[column], expected.filter(([c]) => c < column).length);
      }
    }),
    { seed: 3, numRuns: 200 },
  );
});

Deno.test("transposeIndex writes into given arrays, over what they held", () => {
  const pattern = erdosRenyi(20, 30, 0.2, randomStream(1));
  const count = pattern.indices.length;
  const shared = new Int32Array(new SharedArrayBuffer(4 * (31 + 2 * count))).fill(77);
  const into = {
    indptr: shared.subarray(0, 31),
    rows: shared.subarray(31, 31 + count),
    entries: shared.subarray(31 + count),
  };
  assert.equal(transposeIndex(pattern, into), into);
  const fresh = transposeIndex(pattern);
  assert.deepEqual([...shared], [...fresh.indptr, ...fresh.rows, ...fresh.entries]);
  assert.throws(
    () => transposeIndex(pattern, { ...into, indptr: shared.subarray(0, 30) }),
    /indptr has length 30, need 31/,
  );
});

Deno.test("transposeIndex is the same in blocks of any width", () => {
  fc.assert(
    fc.property(
      fc.record({ ...anyShape, seed: fc.nat(), bits: fc.nat(5) }),
      ({ rows, columns, p, seed, bits }) => {
        const pattern = erdosRenyi(rows, columns, p, randomStream(seed));
        const atOnce = transposeIndex(pattern);
        const index = {
          indptr: atOnce.indptr.map(() => 77),
          rows: atOnce.rows.map(() => 77),
          entries: atOnce.entries.map(() => 77),
        };
        indexByBlocks(pattern, index, 2 ** bits);
        assert.deepEqual(index, atOnce);
      },
    ),
    { seed: 4, numRuns: 300 },
  );
});

Deno.test("transposeIndex of a wide pattern is the one of its sorted entries", () => {
  const columns = 200_001;
  for (const connections of [0, 1, 300_000]) {
    const rows = 300;
    const pattern = erdosRenyi(rows, columns, connections / (rows * columns), randomStream(5));
    const count = pattern.indices.length;
    // Column by column, then by entry, and entries are in the order of rows.
    const expected = Int32Array.from({ length: count }, (_, entry) => entry)
      .sort((a, b) => pattern.indices[a] - pattern.indices[b] || a - b);
    const { indptr, rows: of, entries } = transposeIndex(pattern);
    assert.deepEqual(entries, expected);
    for (let place = 0; place < count; place++) {
      const entry = entries[place];
      const column = pattern.indices[entry];
      assert.ok(indptr[column] <= place && place < indptr[column + 1]);
      assert.ok(pattern.indptr[of[place]] <= entry && entry < pattern.indptr[of[place] + 1]);
    }
    assert.deepEqual([indptr[0], indptr[columns]], [0, count]);
    assert.ok(indptr.every((start, column) => column === 0 || start >= indptr[column - 1]));
  }
});
