import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import {
  applyScaling,
  fitScaling,
  type FittedScaling,
  type Scaling,
  SCALINGS,
  validateScaling,
} from "../../../lib/data/preprocessing/mod.ts";

/** The scalings that scikit-learn has, too. */
const KNOWN = ["min-max", "standard", "quantile"] as const;
/** The scalings that change numbers. */
const CHANGING = [...KNOWN, "bounded-quantile"] as const;

interface Case {
  columns: number;
  train: number[];
  other: number[];
  expected: Record<typeof KNOWN[number], { train: number[]; other: number[] }>;
}

const fixture: { cases: Case[] } = JSON.parse(
  readFileSync(new URL("../fixtures/scaling.json", import.meta.url), "utf8"),
);

/** A difference that is small beside the number itself, or in absolute size. */
function assertClose(found: ArrayLike<number>, expected: readonly number[], about: string): void {
  assert.equal(found.length, expected.length, about);
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(found[i] - expected[i]);
    const allowed = 1e-6 * Math.max(1, Math.abs(expected[i]));
    assert.ok(difference <= allowed, `${about}: found ${found[i]} at ${i}, need ${expected[i]}`);
  }
}

for (const kind of KNOWN) {
  Deno.test(`applyScaling "${kind}" gives what scikit-learn gives, on other rows too`, () => {
    for (const { columns, train, other, expected } of fixture.cases) {
      const rows = train.length / columns;
      const fitted = fitScaling(Float32Array.from(train), rows, columns, kind);
      const about = `${kind} of ${rows} rows`;
      assertClose(
        applyScaling(fitted, Float32Array.from(train), rows),
        expected[kind].train,
        `${about}, fitted`,
      );
      assertClose(
        applyScaling(fitted, Float32Array.from(other), other.length / columns),
        expected[kind].other,
        `${about}, others`,
      );
    }
  });
}

Deno.test(`applyScaling "bounded-quantile" gives scikit-learn's scores, cut off at ±3`, () => {
  let ends = 0;
  for (const { columns, train, other, expected: { quantile } } of fixture.cases) {
    const rows = train.length / columns;
    const fitted = fitScaling(Float32Array.from(train), rows, columns, "bounded-quantile");
    const scores = applyScaling(
      fitted,
      Float32Array.from([...train, ...other]),
      rows + other.length / columns,
    );
    [...quantile.train, ...quantile.other].forEach((score, i) => {
      const needed = Math.max(-3, Math.min(3, score));
      // Beyond −3 lies a share of 0.00135 to five digits.
      assert.ok(Math.abs(scores[i] - needed) < 3e-5, `found ${scores[i]}, need ${needed}`);
      ends += Number(Math.abs(needed) === 3);
    });
  }
  assert.ok(ends > 10, `${ends}`);
});

Deno.test(`applyScaling "quantile" gives the same numbers in every unit`, () => {
  for (const { columns, train, other } of fixture.cases) {
    const scaled = [2 ** -60, 1, 2 ** 40].map((unit) => {
      const [fitted, applied] = [train, other].map((x) => Float32Array.from(x, (y) => unit * y));
      const rows = train.length / columns;
      const scaling = fitScaling(fitted, rows, columns, "quantile");
      return [fitted, applied].map((x) => applyScaling(scaling, x, x.length / columns));
    });
    assert.deepEqual(scaled[0], scaled[1]);
    assert.deepEqual(scaled[2], scaled[1]);
  }
});

Deno.test(`applyScaling "none" copies`, () => {
  const features = Float32Array.of(1.5, -2, 3, 4);
  const scaled = applyScaling(fitScaling(features, 2, 2, "none"), features, 2);
  assert.deepEqual(scaled, features);
  assert.notEqual(scaled.buffer, features.buffer);
});

Deno.test("applyScaling leaves its argument as it is", () => {
  for (const kind of SCALINGS) {
    const features = Float32Array.of(1, 5, 9);
    applyScaling(fitScaling(features, 3, 1, kind), features, 3);
    assert.deepEqual([...features], [1, 5, 9]);
  }
});

Deno.test("applyScaling makes a column that was constant 0, and its neighbour not", () => {
  for (const kind of CHANGING) {
    const fitted = fitScaling(Float32Array.of(0.1, 1, 0.1, 2, 0.1, 3), 3, 2, kind);
    const scaled = applyScaling(fitted, Float32Array.of(0.1, 1, 700, 3), 2);
    assert.equal(scaled[0], 0, kind);
    assert.equal(scaled[2], 0, kind);
    assert.ok(scaled[3] - scaled[1] >= 1, kind);
  }
});

Deno.test("fitScaling of one row makes every value 0", () => {
  for (const kind of CHANGING) {
    const fitted = fitScaling(Float32Array.of(4, 5), 1, 2, kind);
    assert.deepEqual([...applyScaling(fitted, Float32Array.of(4, 6), 1)], [0, 0], kind);
  }
});

Deno.test("applyScaling gives the same after the scaling went through JSON", () => {
  const features = Float32Array.of(0.1, 7, 0.25, 9, 3, 8);
  for (const kind of SCALINGS) {
    const fitted = fitScaling(features, 3, 2, kind);
    const stored = JSON.parse(JSON.stringify({ ...fitted, parameters: [...fitted.parameters] }));
    const back: FittedScaling = { ...stored, parameters: Float64Array.from(stored.parameters) };
    validateScaling(back);
    assert.deepEqual(applyScaling(back, features, 3), applyScaling(fitted, features, 3));
  }
});

Deno.test("fitScaling refuses shapes that do not fit, and unknown scalings", () => {
  const three = Float32Array.of(1, 2, 3);
  assert.throws(
    () => fitScaling(three, 2, 2, "standard"),
    { name: "TypeError", message: /^Cannot fit a scaling: found 3 numbers, need 2 rows × 2 col/ },
  );
  assert.throws(
    () => fitScaling(new Float32Array(0), 0, 2, "none"),
    { name: "RangeError", message: /found 0 rows × 2 columns, need at least one of each/ },
  );
  assert.throws(
    () => fitScaling(three, 3, 1, "robust" as Scaling),
    { name: "RangeError", message: /found "robust", need one of "none", "min-max", "stand/ },
  );
  assert.throws(
    () => applyScaling(fitScaling(three, 3, 1, "none"), three, 2),
    { name: "TypeError", message: /^Cannot apply a scaling: found 3 numbers, need 2 rows × 1/ },
  );
});

Deno.test("validateScaling refuses what fitScaling cannot give", () => {
  function refuses(kind: string, columns: number, parameters: number[], message: RegExp): void {
    const scaling = { kind: kind as Scaling, columns, parameters: Float64Array.from(parameters) };
    assert.throws(() => validateScaling(scaling), { message }, `${kind} ${parameters}`);
  }
  refuses("robust", 1, [], /found "robust", need one of/);
  refuses("none", 1, [1], /found 1 parameters for 1 columns, need none/);
  refuses("none", 0, [], /for 0 columns/);
  refuses("min-max", 2, [0, 1], /found 2 parameters for 2 columns, need 2 for each/);
  refuses("min-max", 1, [1, 0.5], /found 0.5 as parameter 1 of column 0, need a finite .* from 1/);
  refuses("standard", 2, [5, 1, 0, -1], /found -1 as parameter 1 of column 1, need .* from 0/);
  refuses("standard", 1, [NaN, 1], /found NaN as parameter 0/);
  refuses("quantile", 2, [1, 2, 3], /found 3 parameters for 2 columns, need equally many/);
  refuses("quantile", 1, [], /found 0 parameters/);
  refuses("quantile", 1, [1, 2, 1.5], /found 1.5 as parameter 2 .* from 2/);
  refuses("quantile", 1, [1, Infinity], /found Infinity as parameter 1/);
  validateScaling({ kind: "standard", columns: 1, parameters: Float64Array.of(5, 1) });
});
