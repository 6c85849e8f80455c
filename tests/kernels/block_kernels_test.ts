import assert from "node:assert/strict";
import { openKernels } from "../../lib/kernels/choose.ts";
import {
  activationIndex,
  type Gate,
  type Kernels,
  type SgdStep,
  strideOf,
} from "../../lib/kernels/kernels.ts";
import { referenceKernels } from "../../lib/kernels/reference.ts";
import { backEnds } from "./back_ends.ts";
import fixture from "./fixtures/blocks.json" with { type: "json" };
import {
  assertClose,
  assertSameBits,
  BLOCK_LAYERS,
  isUntouched,
  type OpenProblem,
  type Outcome,
  type Problem,
  runOn,
  sparseProblem,
  UNIT,
} from "./problem.ts";

const GATE: Gate = { slope: -0.5, dropThreshold: 13107, dropKey: 0xdeadbeef };
const STEP: SgdStep = { rate: 0.1, momentum: 0.9, l2: 0.03, decay: 0.002 };

const judge = referenceKernels({ precision: 64 });

/** One block row, empty block rows, full ones, and drawn ones: of every size, with every kind of panel. */
const PROBLEMS = BLOCK_LAYERS.map((layer, l) => sparseProblem(layer, [1, 16, 17, 33, 128][l % 5]));
/** Five block rows of every size, which ranges divide. */
const DIVIDED = BLOCK_LAYERS.filter(({ name }) => name.startsWith("5 × 70"))
  .flatMap((layer) => [1, 33, 128, 200].map((batch) => sparseProblem(layer, batch)));

/** The same layer in CSR, and where every weight of it stands among the blocks. */
function expanded(p: Problem): { csr: Problem; from: number[] } {
  const { blockSize: G, rows } = p;
  const [indptr, indices, from]: number[][] = [[0], [], []];
  for (let j = 0; j < rows; j++) {
    const row = Math.floor(j / G);
    for (let k = p.indptr[row]; k < p.indptr[row + 1]; k++) {
      indices.push(p.indices[k]);
      from.push(k * G + j % G);
    }
    indptr.push(indices.length);
  }
  const inRows = (weights: Float32Array) => Float32Array.from(from, (place) => weights[place]);
  const velocity = { ...p.velocity, weights: inRows(p.velocity.weights) };
  const csr = { ...p, blockSize: 1, indptr, indices, weights: inRows(p.weights), velocity };
  return { csr, from };
}

/** What every kernel makes of a layer: its step goes first, so that all see the weights after it. */
function outcome(kernels: Kernels, p: Problem, steps = true): Outcome {
  const { stride, batch } = p;
  return runOn(kernels, p, ({ layer, x, dz, factor, velocity, out, outFactor, dx, gradient }) => {
    if (steps) {
      kernels.sparseGradientSgd(layer, x, dz, gradient, velocity, STEP, stride, batch);
    }
    kernels.sparseForward(layer, x, out, outFactor, GATE, stride);
    kernels.sparseBackward(layer, dz, factor, dx, stride);
    kernels.sparseGradient(layer, x, dz, gradient, stride, batch);
  });
}

Deno.test("the reference makes of blocks what it makes of the same layer in CSR", () => {
  for (const p of PROBLEMS) {
    const { csr, from } = expanded(p);
    const [found, expected] = [outcome(judge, p), outcome(judge, csr)];
    for (const part of ["out", "outFactor"] as const) {
      assert.deepEqual(found[part], expected[part], `${p.name}, ${part}`);
    }
    // Its sums are in another order.
    assertClose(found.dx, expected.dx, () => 1e-12, `${p.name}, dx`);
    for (const part of ["gradient", "layer", "velocity"] as const) {
      const inRows = from.map((place) => found[part].weights[place]);
      assert.deepEqual(inRows, [...expected[part].weights], `${p.name}, ${part} of weights`);
      assert.deepEqual(found[part].bias, expected[part].bias, `${p.name}, ${part} of bias`);
    }
  }
});

/** A layer of SciPy's with a batch, and what SciPy makes of it: activations feature by feature. */
interface ScipyCase
  extends Pick<Problem, "blockSize" | "rows" | "columns" | "batch" | "indptr" | "indices"> {
  readonly weights: number[];
  readonly bias: number[];
  readonly x: number[][];
  readonly dz: number[][];
  readonly z: number[][];
  readonly dx: number[][];
  readonly gradient: number[];
  readonly biasGradient: number[];
}

const SCIPY: readonly ScipyCase[] = fixture.cases;

for (const kernels of [referenceKernels(), ...backEnds()]) {
  Deno.test(`blocks (${kernels.description}) give what SciPy's bsr_matrix gives`, () => {
    for (const each of SCIPY) {
      const { batch, rows, columns } = each;
      const stride = strideOf(batch);
      const inPanels = (features: number[][]) => {
        const array = new Float32Array(features.length * stride);
        features.forEach((samples, i) =>
          samples.forEach((value, b) =>
            array[activationIndex(features.length, stride, i, b)] = value
          )
        );
        return array;
      };
      const p: Problem = {
        ...{ ...each, name: `G = ${each.blockSize}, ${rows} × ${columns}`, stride },
        ...{ weights: Float32Array.from(each.weights), bias: Float32Array.from(each.bias) },
        ...{
          x: inPanels(each.x),
          dz: inPanels(each.dz),
          factor: new Float32Array(columns * stride),
        },
        velocity: { weights: Float32Array.from(each.weights), bias: Float32Array.from(each.bias) },
      };
      const found = runOn(kernels, p, ({ layer, x, dz, out, dx, gradient }) => {
        const identity = { slope: 1, dropThreshold: 0, dropKey: 0 };
        kernels.sparseForward(layer, x, out, null, identity, stride);
        kernels.sparseBackward(layer, dz, null, dx, stride);
        kernels.sparseGradient(layer, x, dz, gradient, stride, batch);
      });
      const close = (array: ArrayLike<number>, expected: number[], what: string) =>
        assertClose(
          array,
          expected,
          (i) => 1e-5 * (1 + Math.abs(expected[i])),
          `${p.name}, ${what}`,
        );
      const samples = (array: ArrayLike<number>, features: number) =>
        Array.from(
          { length: features },
          (_, i) =>
            Array.from({ length: batch }, (_, b) => array[activationIndex(features, stride, i, b)]),
        ).flat();
      close(samples(found.out, rows), each.z.flat(), "z");
      close(samples(found.dx, columns), each.dx.flat(), "dx");
      close(found.gradient.weights, each.gradient, "gradient");
      close(found.gradient.bias, each.biasGradient, "gradient of the biases");
    }
  });
}

for (const kernels of backEnds()) {
  Deno.test(`blocks (${kernels.description}) give what the same layer in CSR gives`, () => {
    for (const p of PROBLEMS) {
      const { csr, from } = expanded(p);
      const [found, expected] = [outcome(kernels, p, false), outcome(kernels, csr, false)];
      // Sums of at most 272 products of normal numbers, in two orders.
      const tolerance = () => 40 * 272 * UNIT;
      for (const part of ["out", "dx"] as const) {
        assertClose(found[part], expected[part], tolerance, `${p.name}, ${part}`);
      }
      const inRows = from.map((place) => found.gradient.weights[place]);
      assertClose(inRows, expected.gradient.weights, tolerance, `${p.name}, gradient`);
      assertClose(found.gradient.bias, expected.gradient.bias, tolerance, `${p.name}, bias`);
      const dropped = (factor: ArrayLike<number>) => Array.from(factor, (value) => value === 0);
      assert.deepEqual(dropped(found.outFactor), dropped(expected.outFactor), `${p.name}, dropout`);
    }
  });

  Deno.test(`blocks (${kernels.description}) give the same bytes for any ranges`, () => {
    for (const p of DIVIDED) {
      const { stride, batch, blockSize: G } = p;
      const panels = Math.ceil(stride / 32);
      const rows = (
        { layer, x, dz, velocity, out, outFactor, gradient }: OpenProblem,
        from: number,
        to: number,
      ) => {
        kernels.sparseForward(layer, x, out, outFactor, GATE, stride, from * G, to * G);
        kernels.sparseGradient(layer, x, dz, gradient, stride, batch, from * G, to * G);
        const [first, last] = [from * G, to * G];
        kernels.sparseGradientSgd(
          layer,
          x,
          dz,
          gradient,
          velocity,
          STEP,
          stride,
          batch,
          first,
          last,
        );
      };
      const back = ({ layer, dz, factor, dx }: OpenProblem, from: number, to: number) =>
        kernels.sparseBackward(layer, dz, factor, dx, stride, from, to);
      const whole = runOn(kernels, p, (o) => {
        back(o, 0, panels);
        rows(o, 0, 5);
      });
      const parts = runOn(kernels, p, (o) => {
        back(o, panels - 1, panels);
        const first = (panels - 1) * 32 * p.columns;
        assert.ok(o.dx.subarray(0, first).every(isUntouched), `${p.name}, panels before`);
        assert.ok(!o.dx.subarray(first).some(isUntouched), `${p.name}, the last panel`);
        back(o, 0, panels - 1);
        rows(o, 3, 5);
        assert.ok(o.gradient.weights.subarray(0, p.indptr[3] * G).every(isUntouched));
        assert.ok(o.gradient.bias.subarray(0, 3 * G).every(isUntouched));
        rows(o, 2, 2);
        rows(o, 0, 1);
        rows(o, 1, 3);
      });
      assertSameOutcome(parts, whole, p.name);
    }
  });

  Deno.test(`blocks (${kernels.description}) do not mind what the padding holds`, () => {
    for (const p of DIVIDED) {
      const { stride, batch } = p;
      if (stride === batch) continue;
      const gradients = (junk: number) => {
        const x = p.x.slice();
        const columns = x.length / stride;
        for (let i = 0; i < columns; i++) x[paddingOf(columns, stride, i)] = junk;
        return runOn(kernels, { ...p, x }, ({ layer, x, dz, gradient }) => {
          kernels.sparseGradient(layer, x, dz, gradient, stride, batch);
        }).gradient;
      };
      assertClose(gradients(1e30).weights, gradients(0).weights, () => 0, p.name);
    }
  });
}

for (const choice of new Set(backEnds().map(({ name }) => name))) {
  Deno.test(`blocks (${choice}) give the same bytes with 1, 2 and 3 threads`, async () => {
    using one = await openKernels(choice, 1);
    for (const threads of [2, 3]) {
      using opened = await openKernels(choice, threads);
      for (const p of DIVIDED) {
        const [found, expected] = [outcome(opened.kernels, p), outcome(one.kernels, p)];
        assertSameOutcome(found, expected, `${p.name}, ${threads} threads`);
      }
    }
  });
}

/** The place of an input's last sample, which is padding where the batch does not fill its stride. */
function paddingOf(columns: number, stride: number, input: number): number {
  const start = Math.floor((stride - 1) / 32) * 32;
  return start * columns + (input + 1) * (stride - start) - 1;
}

function assertSameOutcome(found: Outcome, expected: Outcome, what: string): void {
  for (const part of ["out", "outFactor", "dx"] as const) {
    assertSameBits(found[part], expected[part], `${what}, ${part}`);
  }
  for (const part of ["gradient", "layer", "velocity"] as const) {
    assertSameBits(found[part].weights, expected[part].weights, `${what}, ${part} of weights`);
    assertSameBits(found[part].bias, expected[part].bias, `${what}, ${part} of bias`);
  }
}
