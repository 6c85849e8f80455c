import assert from "node:assert/strict";
import type { FloatArray } from "../../lib/kernels/float_array.ts";
import type { Gate, Kernels, PerWeight, SgdStep } from "../../lib/kernels/kernels.ts";
import { referenceKernels } from "../../lib/kernels/reference.ts";
import { backEnds } from "./back_ends.ts";
import {
  absolute,
  assertClose,
  assertRowsWritten,
  assertSameBits,
  BATCHES,
  BLOCK_LAYERS,
  featuresInOrder,
  isUntouched,
  LAYERS,
  onceFor,
  type OpenProblem,
  openProblem,
  type Problem,
  runOn,
  sparseProblem,
  UNIT,
  withPadding,
} from "./problem.ts";

const IDENTITY: Gate = { slope: 1, dropThreshold: 0, dropKey: 0 };
const GATES: readonly (Gate & { name: string })[] = [
  { name: "identity", ...IDENTITY },
  { name: "ReLU", slope: 0, dropThreshold: 0, dropKey: 0 },
  { name: "All-ReLU, odd", slope: -0.5, dropThreshold: 0, dropKey: 0 },
  { name: "All-ReLU with dropout", slope: 0.5, dropThreshold: 13107, dropKey: 0xdeadbeef },
];
const STEP: SgdStep = { rate: 0.1, momentum: 0.9, l2: 0.03, decay: 0.002 };

/** The judge: plain loops in 64 bits on the same 32-bit numbers. */
const judge = referenceKernels({ precision: 64 });

/** A layer of 40 × 70 with empty and long rows. */
const LARGE = LAYERS[8];

/** A layer whose input is too large for the gradient to take more than two panels of it together. */
const WIDE = {
  name: "3 × 13,000",
  columns: 13_000,
  inputs: [[0, 31, 500, 9000, 12_999], [], [1, 2, 12_000]],
};

/** A layer with an input of more than 16 MB, of which the gradient takes one panel at a time. */
const WIDER = {
  name: "5 × 27,000",
  columns: 27_000,
  inputs: [40, 0, 7, 8, 13].map((count) => Array.from({ length: count }, (_, k) => 600 * k + 3)),
};

/** A layer with more than 8 MB of weights, which go into the transpose index's order on their own. */
const HEAVY = {
  name: "50 × 43,000, full",
  columns: 43_000,
  inputs: Array.from({ length: 50 }, () => Array.from({ length: 43_000 }, (_, i) => i)),
};

/** Block layers of 5G × 70. */
const BLOCKS = BLOCK_LAYERS.filter(({ name }) => name.startsWith("5 × 70"));

/** Every layer with some batches, and one layer with every batch. */
const PROBLEMS: readonly Problem[] = [
  ...LAYERS.flatMap((layer, l) =>
    [0, 5, 10].map((shift) => sparseProblem(layer, BATCHES[(l + shift) % BATCHES.length]))
  ),
  ...BATCHES.map((batch) => sparseProblem(LARGE, batch)),
  ...BLOCK_LAYERS.map((layer, l) => sparseProblem(layer, BATCHES[(5 * l) % BATCHES.length])),
  ...BLOCKS.flatMap((layer) => [1, 16, 17, 33, 128].map((batch) => sparseProblem(layer, batch))),
  sparseProblem(WIDE, 150),
  sparseProblem({ ...WIDE, blockSize: 8 }, 150),
];

/** The problems that are too large for most tests: made once, when the first back end has its turn. */
const wider = onceFor((blockSize: number) => sparseProblem({ ...WIDER, blockSize }, 160));
const heavy = onceFor((batch: number) => sparseProblem(HEAVY, batch));
/** The same with every number positive. */
const positive = onceFor(absolute);

function forward(k: Kernels, p: Problem, gate: Gate) {
  const { out, outFactor } = runOn(k, p, (o) => {
    k.sparseForward(o.layer, o.x, o.out, o.outFactor, gate, p.stride);
  });
  return { out, outFactor };
}

function backward(k: Kernels, p: Problem, gated: boolean): FloatArray {
  return runOn(k, p, (o) => {
    k.sparseBackward(o.layer, o.dz, gated ? o.factor : null, o.dx, p.stride);
  }).dx;
}

function backwardOf(k: Kernels, p: Problem, ranges: [number, number][]): FloatArray {
  return runOn(k, p, (o) => {
    for (const [from, to] of ranges) {
      k.sparseBackward(o.layer, o.dz, null, o.dx, p.stride, from, to);
    }
  }).dx;
}

function gradient(k: Kernels, p: Problem): PerWeight {
  return runOn(k, p, (o) => {
    k.sparseGradient(o.layer, o.x, o.dz, o.gradient, p.stride, p.batch);
  }).gradient;
}

function update(k: Kernels, p: Problem): { layer: PerWeight; velocity: PerWeight } {
  const { layer, velocity } = runOn(k, p, ({ layer, x, dz, gradient, velocity }) => {
    k.sparseGradientSgd(layer, x, dz, gradient, velocity, STEP, p.stride, p.batch);
  });
  return { layer, velocity };
}

const forwardJudged = onceFor((p: Problem) => {
  const lengths = Array.from({ length: p.rows }, (_, row) => {
    const block = Math.floor(row / p.blockSize);
    return p.indptr[block + 1] - p.indptr[block];
  });
  return {
    magnitude: forward(judge, positive(p), IDENTITY).out,
    z: forward(judge, p, IDENTITY).out,
    terms: featuresInOrder(p.rows, p.stride).map((row) => lengths[row]),
    gates: GATES.map((gate) => ({ gate, expected: forward(judge, p, gate) })),
  };
});
const backwardJudged = onceFor((p: Problem) => {
  const degrees = new Array(p.columns).fill(0);
  for (const column of p.indices) degrees[column] += p.blockSize;
  return {
    terms: featuresInOrder(p.columns, p.stride).map((column) => degrees[column]),
    gates: [true, false].map((gated) => ({
      gated,
      magnitude: backward(judge, positive(p), gated),
      expected: backward(judge, p, gated),
    })),
  };
});
const gradientMagnitude = onceFor((p: Problem) => gradient(judge, positive(p)));
const gradientJudged = onceFor((p: Problem) => gradient(judge, p));
const updateJudged = onceFor((p: Problem) => update(judge, p));
const wholeJudged = onceFor((p: Problem) => ({
  magnitude: backwardOf(judge, positive(p), [[0, p.columns]]),
  expected: backwardOf(judge, p, [[0, p.columns]]),
}));

for (const kernels of backEnds()) {
  Deno.test(`sparseForward (${kernels.description}) gives what the reference gives`, () => {
    for (const p of PROBLEMS) {
      const { magnitude, z, terms, gates } = forwardJudged(p);
      for (const { gate, expected } of gates) {
        const found = forward(kernels, p, gate);
        const scale = 65536 / (65536 - gate.dropThreshold);
        const tolerance = (i: number) => (terms[i] + 4) * UNIT * scale * magnitude[i];
        assertClose(found.out, expected.out, tolerance, `${p.name}, ${gate.name}`);
        // Where rounding may change the sign of z, it may change the derivative.
        assertClose(
          found.outFactor,
          expected.outFactor,
          (i) => Math.abs(z[i]) <= tolerance(i) ? 2 * scale : 2 * UNIT * scale,
          `${p.name}, derivative of ${gate.name}`,
        );
        const without = runOn(kernels, p, (o) => {
          kernels.sparseForward(o.layer, o.x, o.out, null, gate, p.stride);
        });
        assertSameBits(without.out, found.out, `${p.name}, without derivative`);
        assert.ok(without.outFactor.every(isUntouched));
      }
    }
  });

  Deno.test(`sparseBackward (${kernels.description}) gives what the reference gives`, () => {
    for (const p of PROBLEMS) {
      const { terms, gates } = backwardJudged(p);
      for (const { gated, magnitude, expected } of gates) {
        assertClose(
          backward(kernels, p, gated),
          expected,
          (i) => (terms[i] + 3) * UNIT * magnitude[i],
          `${p.name}, ${gated ? "with" : "without"} factor`,
        );
      }
    }
  });

  Deno.test(`sparseGradient (${kernels.description}) gives what the reference gives`, () => {
    for (const p of PROBLEMS) {
      const magnitude = gradientMagnitude(p);
      const [found, expected] = [gradient(kernels, p), gradientJudged(p)];
      for (const part of ["weights", "bias"] as const) {
        const tolerance = (k: number) => (p.batch + 4) * UNIT * magnitude[part][k];
        assertClose(found[part], expected[part], tolerance, `${p.name}, ${part}`);
      }
    }
  });

  Deno.test(`sparseGradientSgd (${kernels.description}) gives what the reference gives`, () => {
    for (const p of PROBLEMS) {
      const magnitude = gradientMagnitude(p);
      const [found, expected] = [update(kernels, p), updateJudged(p)];
      for (const part of ["weights", "bias"] as const) {
        const [w, v] = [p[part], p.velocity[part]];
        const tolerance = (k: number) =>
          UNIT * (STEP.rate * (p.batch + 8) * magnitude[part][k] +
            4 * (Math.abs(v[k]) + STEP.l2 * STEP.rate * Math.abs(w[k])));
        assertClose(
          found.velocity[part],
          expected.velocity[part],
          tolerance,
          `${p.name}, velocity of ${part}`,
        );
        assertClose(
          found.layer[part],
          expected.layer[part],
          (k) => tolerance(k) + 4 * UNIT * (Math.abs(w[k]) + Math.abs(expected.velocity[part][k])),
          `${p.name}, ${part}`,
        );
      }
    }
  });

  Deno.test(`sparse gradients (${kernels.description}) of a large input are what the reference gives`, () => {
    for (const blockSize of [1, 8]) {
      const p = wider(blockSize);
      const magnitude = gradientMagnitude(p);
      const [found, expected] = [gradient(kernels, p), gradientJudged(p)];
      const [updated, step] = [update(kernels, p), updateJudged(p)];
      for (const part of ["weights", "bias"] as const) {
        const tolerance = (k: number) => (p.batch + 4) * UNIT * magnitude[part][k];
        assertClose(found[part], expected[part], tolerance, part);
        const rounding = (k: number) => 4 * UNIT * (Math.abs(p.velocity[part][k]) + 1);
        assertClose(
          updated.velocity[part],
          step.velocity[part],
          (k) => STEP.rate * tolerance(k) + rounding(k),
          `velocity of ${part}`,
        );
      }
    }
  });

  Deno.test(`sparseBackward (${kernels.description}) of many weights is what the reference gives`, () => {
    const p = heavy(16);
    const { magnitude, expected } = wholeJudged(p);
    const found = backwardOf(kernels, p, [[0, p.columns]]);
    assertClose(found, expected, (i) => (p.rows + 3) * UNIT * magnitude[i], "dx");
    const parts = backwardOf(kernels, p, [[20_000, p.columns], [0, 7], [7, 20_000]]);
    assertSameBits(parts, found, "in three ranges");
  });

  Deno.test(`sparse kernels (${kernels.description}) give the same bytes for any ranges of rows`, () => {
    for (const batch of [1, 33, 128, 200]) {
      const p = sparseProblem(LARGE, batch);
      const rows = (o: OpenProblem, from: number, to: number) => {
        kernels.sparseForward(o.layer, o.x, o.out, o.outFactor, GATES[3], p.stride, from, to);
        kernels.sparseBackward(o.layer, o.dz, o.factor, o.dx, p.stride, from, to);
        kernels.sparseGradient(o.layer, o.x, o.dz, o.gradient, p.stride, batch, from, to);
      };
      const whole = runOn(kernels, p, (o) => rows(o, 0, 40));
      const parts = runOn(kernels, p, (o) => {
        for (const [from, to] of [[0, 3], [3, 4], [4, 4]]) rows(o, from, to);
        for (const array of [o.out, o.outFactor, o.dx]) {
          assertRowsWritten(array, p.stride, 4, `batch ${batch}, row`);
        }
        assert.ok(o.gradient.weights.subarray(p.indptr[4]).every(isUntouched));
        assert.ok(o.gradient.bias.subarray(4).every(isUntouched));
        for (const [from, to] of [[17, 40], [4, 17]]) rows(o, from, to);
      });
      for (const part of ["out", "outFactor", "dx"] as const) {
        assertSameBits(parts[part], whole[part], `${part}, batch ${batch}`);
      }
      for (const part of ["weights", "bias"] as const) {
        assertSameBits(parts.gradient[part], whole.gradient[part], `gradient of ${part}`);
      }
    }
  });

  Deno.test(`sparseGradientSgd (${kernels.description}) gives the same bytes for any ranges of rows`, () => {
    for (const batch of [1, 33, 128, 200]) {
      const p = sparseProblem(LARGE, batch);
      const update = (o: OpenProblem, from?: number, to?: number) => {
        const { layer, x, dz, gradient, velocity } = o;
        kernels.sparseGradientSgd(
          layer,
          x,
          dz,
          gradient,
          velocity,
          STEP,
          p.stride,
          batch,
          from,
          to,
        );
      };
      const whole = runOn(kernels, p, update);
      const parts = runOn(kernels, p, (o) => {
        update(o, 20, 40);
        assertSameBits(o.layer.bias.subarray(0, 20), p.bias.subarray(0, 20), "not in the range");
        assertSameBits(
          o.layer.weights.subarray(0, p.indptr[20]),
          p.weights.subarray(0, p.indptr[20]),
          "not in the range",
        );
        update(o, 0, 7);
        update(o, 7, 20);
      });
      for (const part of ["weights", "bias"] as const) {
        assertSameBits(parts.layer[part], whole.layer[part], `${part}, batch ${batch}`);
        assertSameBits(parts.velocity[part], whole.velocity[part], `velocity of ${part}`);
      }
    }
  });

  Deno.test(`sparse gradients (${kernels.description}) do not depend on what the padding holds`, () => {
    for (const batch of [1, 17, 46, 129]) {
      const p = sparseProblem(LARGE, batch);
      const gradients = (junk: number) => {
        const padded = {
          ...p,
          x: withPadding(p.x.slice(), p.stride, batch, junk),
          factor: withPadding(p.factor.slice(), p.stride, batch, -junk),
        };
        return runOn(kernels, padded, (o) => {
          const { layer, x, dz, gradient, velocity } = o;
          kernels.sparseBackward(layer, dz, o.factor, o.dx, p.stride);
          kernels.sparseGradient(layer, x, dz, gradient, p.stride, batch);
          const scratch = openProblem(kernels, p);
          const { stride } = p;
          kernels.sparseGradientSgd(layer, x, dz, scratch.gradient, velocity, STEP, stride, batch);
          scratch.arena.dispose();
        });
      };
      const [clean, dirty] = [gradients(0), gradients(1e30)];
      assertEqual(dirty.dx, clean.dx, "dx");
      for (const part of ["weights", "bias"] as const) {
        assertEqual(dirty.gradient[part], clean.gradient[part], `gradient of ${part}`);
        assertEqual(dirty.layer[part], clean.layer[part], part);
        assertEqual(dirty.velocity[part], clean.velocity[part], `velocity of ${part}`);
      }
    }
  });
}

/** The same numbers, of which a zero may have either sign. */
function assertEqual(found: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  assertClose(found, expected, () => 0, what);
}
