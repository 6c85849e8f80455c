import assert from "node:assert/strict";
import fixture from "./fixtures/softmax.json" with { type: "json" };
import { activationIndex, type Kernels, strideOf } from "../../lib/kernels/kernels.ts";
import { referenceKernels } from "../../lib/kernels/reference.ts";
import { backEnds } from "./back_ends.ts";
import {
  activationOrder,
  assertClose,
  guardedFloats,
  integers,
  isUntouched,
  UNIT,
} from "./problem.ts";

type Case = typeof fixture.cases[number];

/** Logits as the kernels take them, with junk in the padding. */
function open(kernels: Kernels, item: Case) {
  const arena = kernels.openArena();
  const { floats, checkGuards } = guardedFloats(arena);
  const { classes, labels } = item;
  const stride = strideOf(labels.length);
  const z = floats(new Array(classes * stride).fill(1e30));
  /** Where the i-th of a list of samples, class by class, stands among activations. */
  const place = (i: number) =>
    activationIndex(classes, stride, i % classes, Math.floor(i / classes));
  item.logits.forEach((value, i) => z[place(i)] = value);
  const p = floats(new Array(classes * stride).fill(12345));
  /** The samples of the batch, class by class. */
  const samples = (array: ArrayLike<number>) => item.logits.map((_, i) => array[place(i)]);
  const order = activationOrder(classes, stride);
  const padding = (array: ArrayLike<number>) =>
    Array.from(array).filter((_, i) => order[i].sample >= labels.length);
  return { arena, checkGuards, stride, z, p, samples, padding, labels: integers(arena, labels) };
}

/** The spread of a sample's logits: subtracting the largest rounds the others by it. */
function spread(item: Case, i: number): number {
  const start = Math.floor(i / item.classes) * item.classes;
  return Math.max(...item.logits.slice(start, start + item.classes)) - item.logits[i];
}

const all: [string, Kernels, unit: number][] = [
  ["64-bit reference", referenceKernels({ precision: 64 }), 2 ** -53],
  ["reference", referenceKernels(), UNIT],
  ...backEnds().map((kernels): [string, Kernels, number] => [kernels.description, kernels, UNIT]),
];

for (const [name, kernels, unit] of all) {
  Deno.test(`softmax (${name}) gives what SciPy gives`, () => {
    for (const item of fixture.cases) {
      const { arena, checkGuards, stride, z, p, samples, padding, labels } = open(kernels, item);
      using _arena = arena;
      kernels.softmax(item.classes, labels.length, stride, z, p);
      checkGuards();
      assertClose(
        samples(p),
        item.probabilities,
        (i) => (8 + spread(item, i)) * 2 * unit * item.probabilities[i] + 1e-37,
        item.name,
      );
      assert.ok(padding(p).every(isUntouched));
    }
  });

  Deno.test(`softmaxCrossEntropy (${name}) gives SciPy's loss and gradient, and 0 in the padding`, () => {
    for (const item of fixture.cases) {
      const { arena, checkGuards, stride, z, p, samples, padding, labels } = open(kernels, item);
      using _arena = arena;
      const result = arena.doubles(2);
      result.set([1000, 50]);
      const { classes, smoothing } = item;
      kernels.softmaxCrossEntropy(classes, labels.length, stride, z, labels, smoothing, p, result);
      checkGuards();
      assertClose(samples(p), item.gradient, () => 20 * unit, `${item.name}, gradient`);
      assert.ok(padding(p).every((value) => value === 0), "the padding");
      const largest = Math.max(...item.logits.map(Math.abs));
      // The loss is a difference of logits, whose products with the smoothed label are rounded.
      const rounding = smoothing === 0 ? 2 ** -53 : unit;
      assertClose(
        [result[0] - 1000],
        [item.loss],
        () => item.labels.length * (8 * unit + 8 * classes * rounding * largest) + 1e-12,
        `${item.name}, loss`,
      );
      assert.equal(result[1] - 50, item.correct, item.name);
    }
  });

  Deno.test(`softmaxCrossEntropy (${name}) multiplies every sample's loss and gradient by its weight`, () => {
    using arena = kernels.openArena();
    const { floats, checkGuards } = guardedFloats(arena);
    // Logits 0 and ln 3: probabilities 1/4 and 3/4. A batch of two, labels 0 and 1.
    const z = floats(new Array(32).fill(0));
    const at = (feature: number, sample: number) => activationIndex(2, 16, feature, sample);
    for (const sample of [0, 1]) z[at(1, sample)] = Math.log(3);
    const dz = floats(new Array(32).fill(12345));
    const weights = floats([2, 0.5]);
    const labels = integers(arena, [0, 1]);
    for (const smoothing of [0, 0.2]) {
      const [most, least] = [1 - smoothing / 2, smoothing / 2];
      const losses = [
        most * Math.log(4) + least * Math.log(4 / 3),
        least * Math.log(4) + most * Math.log(4 / 3),
      ];
      const result = arena.doubles(2);
      kernels.softmaxCrossEntropy(2, 2, 16, z, labels, smoothing, dz, result, weights);
      checkGuards();
      assertClose(
        [dz[at(0, 0)], dz[at(1, 0)], dz[at(0, 1)], dz[at(1, 1)]],
        [2 * (1 / 4 - most), 2 * (3 / 4 - least), (1 / 4 - least) / 2, (3 / 4 - most) / 2],
        () => 20 * unit,
        "gradient",
      );
      assertClose([result[0]], [2 * losses[0] + losses[1] / 2], () => 20 * unit, "loss");
      assert.equal(result[1], 1, "samples, not weights, are counted");
      assert.ok([...dz].filter((_, i) => i % 16 > 1).every((value) => value === 0), "the padding");
    }
  });

  Deno.test(`softmaxCrossEntropy (${name}) gives the same bytes with weights of 1 as without`, () => {
    for (const item of fixture.cases) {
      const { arena, stride, z, p, labels } = open(kernels, item);
      using _arena = arena;
      const ones = arena.floats(stride).fill(1);
      const of = (weights: typeof ones | null) => {
        const result = arena.doubles(2);
        const { classes, smoothing } = item;
        const batch = labels.length;
        kernels.softmaxCrossEntropy(
          classes,
          batch,
          stride,
          z,
          labels,
          smoothing,
          p,
          result,
          weights,
        );
        return [...p, ...result];
      };
      assert.deepEqual(of(ones), of(null), item.name);
    }
  });

  Deno.test(`softmaxCrossEntropy (${name}) takes the logarithm in 64 bits`, () => {
    for (let classes = 1; classes <= 60; classes++) {
      // Equal logits: every exponential is exactly 1.
      const logits = new Array(classes).fill(0);
      const item = { ...fixture.cases[0], classes, logits, labels: [0] };
      const { arena, stride, z, p, labels } = open(kernels, item);
      using _arena = arena;
      const result = arena.doubles(2);
      kernels.softmaxCrossEntropy(classes, 1, stride, z, labels, 0, p, result);
      assert.ok(Math.abs(result[0] - Math.log(classes)) < 4e-15, `${classes} classes`);
    }
  });

  Deno.test(`softmaxCrossEntropy (${name}) gives a NaN loss for a NaN logit anywhere`, () => {
    for (const smoothing of [0, 0.1]) {
      for (const place of [0, 1, 2]) {
        for (const label of [0, 1, 2]) {
          for (const logit of [NaN, Infinity]) {
            const logits = [1, 2, 3, 4, 5, 6];
            logits[3 + place] = logit;
            const item = { ...fixture.cases[0], classes: 3, logits, labels: [0, label] };
            const { arena, stride, z, p, labels } = open(kernels, item);
            using _arena = arena;
            const result = arena.doubles(2);
            kernels.softmaxCrossEntropy(3, 2, stride, z, labels, smoothing, p, result);
            assert.ok(Number.isNaN(result[0]), `${logit} at ${place}, label ${label}`);
          }
        }
      }
    }
  });

  Deno.test(`a NaN (${name}) reaches the loss through every layer`, () => {
    using arena = kernels.openArena();
    for (const layerOf of ["sparse", "dense"] as const) {
      for (const where of ["weights", "bias", "input"] as const) {
        const weights = arena.floats(2);
        const bias = arena.floats(2);
        const x = arena.floats(16);
        weights.set([1, -1]);
        x[0] = 2;
        ({ weights, bias, input: x })[where][0] = NaN;
        const layer = {
          blockSize: 1,
          rows: 2,
          columns: 1,
          indptr: integers(arena, [0, 1, 2]),
          indices: integers(arena, [0, 0]),
          weights,
          bias,
          transpose: {
            indptr: integers(arena, [0, 2]),
            rows: integers(arena, [0, 1]),
            entries: integers(arena, [0, 1]),
            weights: arena.floats(2),
          },
        };
        const gate = { slope: 0, dropThreshold: 0, dropKey: 0 };
        const [out, dz, result] = [arena.floats(32), arena.floats(32), arena.doubles(2)];
        if (layerOf === "sparse") kernels.sparseForward(layer, x, out, null, gate, 16);
        else kernels.denseForward(layer, x, out, null, gate, 16);
        kernels.softmaxCrossEntropy(2, 1, 16, out, integers(arena, [1]), 0, dz, result);
        assert.ok(Number.isNaN(result[0]), `${layerOf}, ${where}`);
      }
    }
  });
}
