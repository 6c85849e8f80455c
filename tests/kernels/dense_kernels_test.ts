import assert from "node:assert/strict";
import type { FloatArray } from "../../lib/kernels/float_array.ts";
import type { Gate, Kernels } from "../../lib/kernels/kernels.ts";
import { referenceKernels } from "../../lib/kernels/reference.ts";
import { backEnds } from "./back_ends.ts";
import {
  absolute,
  assertClose,
  assertRowsWritten,
  assertSameBits,
  BATCHES,
  denseProblem,
  isUntouched,
  onceFor,
  type OpenProblem,
  type Outcome,
  type Problem,
  runOn,
  UNIT,
  withPadding,
} from "./problem.ts";

const IDENTITY: Gate = { slope: 1, dropThreshold: 0, dropKey: 0 };
const GATE: Gate = { slope: -0.5, dropThreshold: 13107, dropKey: 0xdeadbeef };

const judge = referenceKernels({ precision: 64 });

/** Around the blocks of up to 12 rows, the panels of 32 samples and the padding of 16. */
const SIZES = [...Array.from({ length: 20 }, (_, i) => i + 1), 48, 63, 64, 65];

/** All pairs of sizes, with the batches in turn; then every batch with one of them. */
function* problems(): Generator<Problem> {
  let turn = 0;
  for (const rows of SIZES) {
    for (const columns of SIZES) {
      if (rows > 20 && columns > 20 && rows !== columns) continue;
      yield denseProblem(rows, columns, BATCHES[turn++ % BATCHES.length]);
    }
  }
  for (const batch of BATCHES) yield denseProblem(19, 23, batch);
}

const PROBLEMS = [...problems()];

function forward(k: Kernels, p: Problem, gate: Gate): Outcome {
  return runOn(k, p, (o) => k.denseForward(o.layer, o.x, o.out, o.outFactor, gate, p.stride));
}

function backward(k: Kernels, p: Problem): FloatArray {
  const gated = (p.rows + p.columns) % 2 === 0;
  return runOn(k, p, (o) => {
    k.denseBackward(o.layer, o.dz, gated ? o.factor : null, o.dx, p.stride);
  }).dx;
}

const meanGradient = (k: Kernels, p: Problem) => runOn(k, p, (o) => gradient(k, o, p)).gradient;

const forwardJudged = onceFor((p: Problem) => ({
  magnitude: forward(judge, absolute(p), IDENTITY).out,
  z: forward(judge, p, IDENTITY).out,
  expected: forward(judge, p, GATE),
}));
const backwardJudged = onceFor((p: Problem) => ({
  magnitude: backward(judge, absolute(p)),
  expected: backward(judge, p),
}));
const gradientJudged = onceFor((p: Problem) => ({
  magnitude: meanGradient(judge, absolute(p)),
  expected: meanGradient(judge, p),
}));

function gradient(k: Kernels, o: OpenProblem, p: Problem, from?: number, to?: number): void {
  k.denseGradient(o.layer, o.x, o.dz, o.gradient, o.transposed, p.stride, p.batch, from, to);
}

for (const kernels of backEnds()) {
  Deno.test(`denseForward (${kernels.description}) gives what the reference gives`, () => {
    for (const p of PROBLEMS) {
      const { magnitude, z, expected } = forwardJudged(p);
      const found = forward(kernels, p, GATE);
      const tolerance = (i: number) => 1.25 * (p.columns + 4) * UNIT * magnitude[i];
      assertClose(found.out, expected.out, tolerance, p.name);
      assertClose(
        found.outFactor,
        expected.outFactor,
        (i) => Math.abs(z[i]) <= tolerance(i) ? 2.5 : 2.5 * UNIT,
        `${p.name}, derivative`,
      );
      const without = runOn(kernels, p, (o) => {
        kernels.denseForward(o.layer, o.x, o.out, null, GATE, p.stride);
      });
      assertSameBits(without.out, found.out, `${p.name}, without derivative`);
      assert.ok(without.outFactor.every(isUntouched));
    }
  });

  Deno.test(`denseBackward (${kernels.description}) gives what the reference gives`, () => {
    for (const p of PROBLEMS) {
      const { magnitude, expected } = backwardJudged(p);
      const tolerance = (i: number) => (p.rows + 3) * UNIT * magnitude[i];
      assertClose(backward(kernels, p), expected, tolerance, p.name);
    }
  });

  Deno.test(`denseGradient (${kernels.description}) gives what the reference gives`, () => {
    for (const p of PROBLEMS) {
      const { magnitude, expected } = gradientJudged(p);
      const found = meanGradient(kernels, p);
      for (const part of ["weights", "bias"] as const) {
        const tolerance = (k: number) => (p.batch + 4) * UNIT * magnitude[part][k];
        assertClose(found[part], expected[part], tolerance, `${p.name}, ${part}`);
      }
    }
  });

  Deno.test(`dense kernels (${kernels.description}) give the same bytes for any ranges of rows`, () => {
    for (const batch of [1, 33, 128, 200]) {
      const p = denseProblem(23, 29, batch);
      const rows = (o: OpenProblem, from: number, to: number) => {
        kernels.denseForward(o.layer, o.x, o.out, o.outFactor, GATE, p.stride, from, to);
        kernels.denseBackward(o.layer, o.dz, o.factor, o.dx, p.stride, from, to);
        gradient(kernels, o, p, from, to);
      };
      const whole = runOn(kernels, p, (o) => rows(o, 0, 23));
      const parts = runOn(kernels, p, (o) => {
        for (const [from, to] of [[0, 5], [5, 6], [6, 6]]) rows(o, from, to);
        for (const array of [o.out, o.outFactor, o.dx]) {
          assertRowsWritten(array, p.stride, 6, `batch ${batch}, row`);
        }
        assert.ok(o.gradient.weights.subarray(6 * 29).every(isUntouched));
        assert.ok(o.gradient.bias.subarray(6).every(isUntouched));
        for (const [from, to] of [[17, 23], [6, 17]]) rows(o, from, to);
      });
      for (const part of ["out", "outFactor", "dx"] as const) {
        assertSameBits(parts[part], whole[part], `${part}, batch ${batch}`);
      }
      for (const part of ["weights", "bias"] as const) {
        assertSameBits(parts.gradient[part], whole.gradient[part], `gradient of ${part}`);
      }
    }
  });

  Deno.test(`dense gradients (${kernels.description}) do not depend on what the padding holds`, () => {
    for (const batch of [1, 17, 46, 129]) {
      const p = denseProblem(9, 21, batch);
      const gradients = (junk: number) => {
        const padded = {
          ...p,
          x: withPadding(p.x.slice(), p.stride, batch, junk),
          factor: withPadding(p.factor.slice(), p.stride, batch, -junk),
        };
        return runOn(kernels, padded, (o) => {
          kernels.denseBackward(o.layer, o.dz, o.factor, o.dx, p.stride);
          gradient(kernels, o, p);
        });
      };
      const [clean, dirty] = [gradients(0), gradients(1e30)];
      // A zero may have either sign.
      assertClose(dirty.dx, clean.dx, () => 0, "dx");
      assertClose(dirty.gradient.weights, clean.gradient.weights, () => 0, "weights");
      assertClose(dirty.gradient.bias, clean.gradient.bias, () => 0, "bias");
    }
  });
}
