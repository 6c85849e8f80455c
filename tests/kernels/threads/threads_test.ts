import assert from "node:assert/strict";
import { chooseKernels, openKernels } from "../../../lib/kernels/choose.ts";
import type { CompiledFunctions } from "../../../lib/kernels/compiled.ts";
import { startThreads } from "../../../lib/kernels/threads/threads.ts";
import { createWasmMemory } from "../../../lib/kernels/wasm/wasm_memory.ts";
import type { AdamStep, Gate, Kernels, SgdStep } from "../../../lib/kernels/kernels.ts";
import { randomStream } from "../../../lib/random.ts";
import type { StoredLayer } from "../../../lib/nn/stored_layer.ts";
import { tinySettings, trained } from "../../ensemble/tiny_runs.ts";
import {
  assertSameBits,
  denseProblem,
  LAYERS,
  normals,
  type Outcome,
  type Problem,
  runOn,
  sparseProblem,
} from "../problem.ts";

const GATE: Gate = { slope: -0.5, dropThreshold: 13107, dropKey: 0xdeadbeef };
const SGD: SgdStep = { rate: 0.1, momentum: 0.9, l2: 0.03, decay: 0.002 };
const ADAM: AdamStep = {
  rate: 0.05,
  beta1: 0.9,
  beta2: 0.999,
  correction: 0.3,
  epsilon: 1e-8,
  l2: 0.01,
  decay: 0.001,
};

/** The back ends that can have threads: WebAssembly, and native code where it has been built. */
const CHOICES = (["wasm", "native"] as const).filter((choice) => {
  if (choice === "wasm") return true;
  try {
    chooseKernels(choice);
    return true;
  } catch {
    return false;
  }
});

/** One row alone, fewer rows than chunks, rows that fill no chunk, and batches of every panel kind. */
const SPARSE = [LAYERS[2], LAYERS[6], LAYERS[8]].flatMap((layer) =>
  [1, 46, 200].map((batch) => sparseProblem(layer, batch))
);
const DENSE = [1, 46, 200].flatMap((batch) => [
  denseProblem(1, 20, batch),
  denseProblem(7, 3, batch),
  denseProblem(67, 35, batch),
]);

/** Everything that the kernels make of a layer, kernel by kernel. */
function outcomes(kernels: Kernels, kind: "sparse" | "dense", p: Problem): Outcome[] {
  const { stride, batch } = p;
  const all = [
    runOn(kernels, p, (o) => {
      if (kind === "sparse") {
        kernels.sparseForward(o.layer, o.x, o.out, o.outFactor, GATE, stride);
        kernels.sparseBackward(o.layer, o.dz, o.factor, o.dx, stride);
        kernels.sparseGradient(o.layer, o.x, o.dz, o.gradient, stride, batch);
      } else {
        kernels.denseForward(o.layer, o.x, o.out, o.outFactor, GATE, stride);
        kernels.denseBackward(o.layer, o.dz, o.factor, o.dx, stride);
        kernels.denseGradient(o.layer, o.x, o.dz, o.gradient, o.transposed, stride, batch);
      }
    }),
  ];
  if (kind === "dense") return all;
  return [
    ...all,
    runOn(kernels, p, (o) => {
      kernels.sparseGradientSgd(o.layer, o.x, o.dz, o.gradient, o.velocity, SGD, stride, batch);
    }),
  ];
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

/** The weights and both parts of the state after a few steps of an optimiser. */
function optimized(kernels: Kernels, kind: "sgd" | "adam", length: number): Float32Array[] {
  const random = randomStream(4, "threads", length);
  using arena = kernels.openArena();
  const [gradient, weights, first, second] = Array.from({ length: 4 }, () => {
    const array = arena.floats(length);
    array.set(normals(length, random));
    return array;
  });
  second.forEach((value, k) => second[k] = value * value);
  for (let step = 0; step < 3; step++) {
    if (kind === "sgd") kernels.sgdUpdate(gradient, weights, first, SGD);
    else kernels.adamUpdate(gradient, weights, first, second, ADAM);
  }
  return [weights, first, second].map((array) => Float32Array.from(array));
}

function sines(kernels: Kernels): number[][] {
  using arena = kernels.openArena();
  const [z, factor] = [arena.floats(37 * 48), arena.floats(37 * 48)];
  z.set(normals(z.length, randomStream(6, "sine")));
  kernels.sine(37, z, factor, 48);
  return [[...z], [...factor]];
}

function softmaxed(kernels: Kernels): number[][] {
  const [classes, batch, stride] = [5, 46, 48];
  using arena = kernels.openArena();
  const [z, p, dz] = Array.from({ length: 3 }, () => arena.floats(classes * stride));
  z.set(normals(z.length, randomStream(5, "softmax")));
  const labels = arena.integers(stride).map((_, b) => b % classes);
  const own = arena.integers(stride);
  own.set(labels);
  const result = arena.doubles(2);
  kernels.softmax(classes, batch, stride, z, p);
  kernels.softmaxCrossEntropy(classes, batch, stride, z, own, 0.1, dz, result);
  return [p, dz, result].map((array) => [...array]);
}

function bytesOf(layers: readonly StoredLayer[]): number[] {
  return layers.flatMap((layer) => {
    const parts = layer.kind === "sparse"
      ? [layer.indptr, layer.indices, layer.data, layer.bias]
      : [layer.weights, layer.bias];
    return parts.flatMap(({ buffer, byteOffset, byteLength }) => [
      ...new Uint8Array(buffer, byteOffset, byteLength),
    ]);
  });
}

for (const choice of CHOICES) {
  for (const threads of [2, 3]) {
    Deno.test(`${threads} threads (${choice}) give every kernel's bytes as 1 thread does`, async () => {
      const { kernels: alone } = chooseKernels(choice);
      using opened = await openKernels(choice, threads);
      const { kernels } = opened;
      assert.equal(opened.threads, threads);
      assert.equal(kernels.name, choice);
      assert.equal(kernels.description, `${alone.description}, ${threads} threads`);
      for (const kind of ["sparse", "dense"] as const) {
        for (const p of kind === "sparse" ? SPARSE : DENSE) {
          const expected = outcomes(alone, kind, p);
          outcomes(kernels, kind, p).forEach((found, i) =>
            assertSameOutcome(found, expected[i], `${kind} ${p.name}`)
          );
        }
      }
      for (const kind of ["sgd", "adam"] as const) {
        // From less than a row per chunk to whole and partial chunks of every thread.
        for (const length of [0, 1, 2, 5, 9, 10, 23, 33, 50, 101, 1000, 4099]) {
          const expected = optimized(alone, kind, length);
          optimized(kernels, kind, length).forEach((found, i) =>
            assertSameBits(found, expected[i], `${kind}, ${length} weights, array ${i}`)
          );
        }
      }
      assert.deepEqual(softmaxed(kernels), softmaxed(alone));
      assert.deepEqual(sines(kernels), sines(alone));
    });

    Deno.test(`${threads} threads (${choice}) train the members that 1 thread trains`, async () => {
      using opened = await openKernels(choice, threads);
      const cases = [
        ["edst", { optimizer: "sgd" }],
        ["dense", { optimizer: "adam" }],
        ["fd", { growth: "gradient", memberWeighting: 2, classWeights: "balanced" }],
      ] as const;
      for (const [method, changes] of cases) {
        const settings = tinySettings(method, { ...changes, learningRate: 0.01 });
        const expected = trained(settings, { kernels: chooseKernels(choice).kernels });
        const found = trained(settings, { kernels: opened.kernels });
        assert.equal(found.members.length, expected.members.length);
        found.members.forEach((member, m) => {
          assert.deepEqual(bytesOf(member.layers), bytesOf(expected.members[m].layers));
        });
        assert.deepEqual(found.run.progress.history, expected.run.progress.history);
      }
    });
  }

  Deno.test(`threads (${choice}) may be closed twice, and opened again`, async () => {
    const first = await openKernels(choice, 3);
    first.close();
    first.close();
    first[Symbol.dispose]();
    using second = await openKernels(choice, 2);
    const p = SPARSE[5];
    const expected = outcomes(chooseKernels(choice).kernels, "sparse", p);
    assertSameOutcome(outcomes(second.kernels, "sparse", p)[0], expected[0], p.name);
  });

  Deno.test(`a process with threads (${choice}) ends by itself once they are closed`, async () => {
    const module = (file: string) => new URL(`../../../lib/kernels/${file}`, import.meta.url).href;
    // Far more than it needs on a loaded machine: a child that hangs must not hang the tests.
    const code = `
      import { openKernels } from "${module("choose.ts")}";
      const { kernels, close } = await openKernels("${choice}", 3);
      using arena = kernels.openArena();
      const [gradient, weights, velocity] = [0, 1, 2].map(() => arena.floats(1000).fill(1));
      const step = { rate: 1, momentum: 0, l2: 0, decay: 0 };
      kernels.sgdUpdate(gradient, weights, velocity, step);
      // Long enough that the workers have gone to sleep.
      await new Promise((resolve) => setTimeout(resolve, 200));
      kernels.sgdUpdate(gradient, weights, velocity, step);
      console.log(weights.every((w) => w === -1));
      close();
    `;
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-lock",
        "--allow-read",
        "--allow-ffi",
        `data:text/javascript,${encodeURIComponent(code)}`,
      ],
      signal: AbortSignal.timeout(600_000),
      stdout: "piped",
      stderr: "piped",
    });
    const { success, stdout, stderr } = await child.output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    assert.equal(text(stdout), "true\n", text(stderr));
    assert.ok(success, "the child did not end by itself");
  });
}

Deno.test("openKernels opens any back end with one thread, and closes it", async () => {
  for (const choice of ["reference", ...CHOICES] as const) {
    using opened = await openKernels(choice, 1);
    assert.equal(opened.threads, 1);
    assert.equal(opened.kernels.name, choice);
    assert.equal(opened.kernels.description, chooseKernels(choice).kernels.description);
    opened.close();
  }
});

Deno.test("openKernels refuses numbers of threads that cannot be", async () => {
  for (const threads of [0, -1, 1.5, NaN, Infinity, 1025]) {
    await assert.rejects(openKernels("wasm", threads), {
      name: "RangeError",
      message: `Cannot use ${threads} threads: need an integer from 1 to 1024`,
    });
  }
  for (const threads of [2, 3]) {
    await assert.rejects(openKernels("reference", threads), {
      name: "RangeError",
      message: `Cannot use ${threads} threads: the reference kernels have 1`,
    });
  }
});

Deno.test("every worker thread counts for itself, and the sum is complete after every call", async () => {
  const module = new URL("../call_counter.ts", import.meta.url).href;
  using opened = await openKernels("wasm", 4, module);
  const { counts, kernels } = opened;
  assert.ok(counts !== null && "read" in counts);
  assert.equal(counts.event, "READINGS");
  using arena = kernels.openArena();
  const [gradient, weights, velocity] = [0, 1, 2].map(() => arena.floats(1000).fill(1));
  for (let call = 1; call <= 50; call++) {
    kernels.sgdUpdate(gradient, weights, velocity, SGD);
    // Three workers, each of which reads its own counter once a call.
    assert.equal(counts.read(), 3 * call);
  }
});

Deno.test("worker threads that cannot count say why, and compute all the same", async () => {
  const module = new URL("../no_counter.ts", import.meta.url).href;
  using opened = await openKernels("wasm", 3, module);
  assert.deepEqual(opened.counts, { unavailable: "this machine is a sundial" });
  using arena = opened.kernels.openArena();
  const [gradient, weights, velocity] = [0, 1, 2].map(() => arena.floats(10).fill(1));
  const step = { rate: 1, momentum: 0, l2: 0, decay: 0 };
  opened.kernels.sgdUpdate(gradient, weights, velocity, step);
  assert.ok(weights.every((weight) => weight === 0));
  using uncounted = await openKernels("wasm", 3);
  assert.equal(uncounted.counts, null);
});

for (const choice of CHOICES) {
  Deno.test(`a worker thread that throws (${choice}) ends the call, and every later one, with a sentence`, async () => {
    const module = new URL("../failing_counter.ts", import.meta.url).href;
    using opened = await openKernels(choice, 3, module);
    using arena = opened.kernels.openArena();
    const [gradient, weights, velocity] = [0, 1, 2].map(() => arena.floats(1000));
    const step = () => opened.kernels.sgdUpdate(gradient, weights, velocity, SGD);
    step();
    step();
    for (let call = 0; call < 2; call++) {
      assert.throws(step, {
        name: "Error",
        message: 'Cannot compute "sgd_update": found a worker thread that failed ' +
          "(RangeError: the sun went down), need all of them",
      });
    }
  });
}

Deno.test("a worker thread that traps ends the call with a sentence", async () => {
  const { memory } = createWasmMemory();
  let called = 0;
  // The calling thread's own share goes well.
  const sine = () => void called++;
  const functions = { sine } as unknown as CompiledFunctions;
  const { functions: divided, close } = await startThreads(
    functions,
    2,
    () => ({ wasm: { memory, stackTop: 2 ** 16 }, library: null }),
    null,
  );
  const outside = 2 ** 31;
  const attempt = () => {
    // The worker may come too late for a share of one call.
    for (let call = 0; call < 10_000; call++) divided.sine(0, 64, 64, 16, outside, 0);
  };
  assert.throws(attempt, {
    name: "Error",
    message: /^Cannot compute "sine": found a worker thread that failed \(RuntimeError: .*bounds/,
  });
  assert.ok(called > 0);
  close();
});

Deno.test("a call that fails on the calling thread waits for the workers and leaves them usable", async () => {
  const { memory } = createWasmMemory();
  let broken = true;
  const sine = () => {
    if (broken) throw new RangeError("the calling thread fails");
  };
  const { functions, close } = await startThreads(
    { sine } as unknown as CompiledFunctions,
    2,
    () => ({ wasm: { memory, stackTop: 2 ** 16 }, library: null }),
    null,
  );
  const step = () => functions.sine(0, 64, 64, 16, 2 ** 17, 0);
  let failed = 0;
  // The workers may have taken every row before the calling thread does.
  for (let call = 0; call < 10_000 && failed < 20; call++) {
    broken = true;
    try {
      step();
    } catch (error) {
      assert.match(`${error}`, /^RangeError: the calling thread fails$/);
      failed++;
    }
    broken = false;
    step();
  }
  assert.equal(failed, 20);
  close();
});
