/** Strategies that fail in every way: one sentence names them, and nothing of the run is lost. */
import assert from "node:assert/strict";
import { openRun, saveRun, type TrainingRun } from "../../../lib/ensemble/training_run.ts";
import { encodeCheckpoint } from "../../../lib/ensemble/training_checkpoint.ts";
import { encodeSafetensors } from "../../../lib/files/safetensors.ts";
import { train } from "../../../lib/ensemble/train.ts";
import { wasmKernels } from "../../../lib/kernels/wasm/wasm.ts";
import { StrategyError } from "../../../lib/topology/strategy_call.ts";
import type { SavedRun } from "../../../lib/ensemble/saved_run.ts";
import * as sparse from "../../../lib/sparse/mod.ts";
import type { LayerView, TopologyStrategy } from "../../../lib/topology/strategy.ts";
import { finish, openBreakingRun, PROBLEM, tinySettings, trained } from "../tiny_runs.ts";
import { changing, SET, wrong } from "./wrong_strategies.ts";

/** All that a checkpoint would keep; whether the update is still due is not compared. */
function stateOf(run: TrainingRun): object {
  const { progress, ...rest } = saveRun(run);
  return structuredClone({ ...rest, progress: { ...progress, updateIsDue: false } });
}

function assertNamed(error: unknown, says: RegExp): true {
  assert.ok(error instanceof StrategyError, `${error}`);
  assert.match(error.message, /^Cannot (change the topology: |use )the strategy "wrong"/);
  assert.match(error.message, says);
  assert.doesNotMatch(error.message, /\p{Cc}|undefined|reading '|is not a function/u);
  assert.ok(error.message.length < 700);
  return true;
}

Deno.test("what is no strategy is refused before anything is drawn", () => {
  const cases: [strategy: unknown, says: RegExp][] = [
    [wrong({ when: { every: 0, unit: "steps" } }), /: found every 0, need an integer from 1$/],
    [wrong({ when: { every: 1n, unit: "steps" } }), /found every 1, need an integer/],
    [wrong({ when: { every: Symbol("x"), unit: "steps" } }), /found every Symbol\(x\)/],
    [wrong({ when: { every: 1, unit: "days" } }), /found unit "days", need "steps" or "epochs"/],
    [wrong({ when: { every: 1, unit: "steps", until: 2 } }), /found until 2, need a number/],
    [wrong({ when: { every: 1, unit: "steps", pruneRate: 0.3 } }), /found pruneRate 0\.3, need a/],
    [wrong({ when: null }), /found null as when, need an object of every and unit/],
    [wrong({ own: "age" }), /found "age" as own, need a list of names, each once/],
    [wrong({ own: ["a", "a"] }), /found \["a","a"\] as own/],
    [wrong({ update: { prune: () => new Int32Array(0) } }), /found {} as update, need a function/],
    [wrong({ begin: 7 }), /found 7 as begin, need a function/],
  ];
  for (const [strategy, says] of cases) {
    assert.throws(
      () => openRun(PROBLEM, SET, wasmKernels(), { strategy: strategy as TopologyStrategy }),
      (error) => assertNamed(error, says),
    );
  }
  for (const strategy of [null, 5, {}, { name: "" }, { name: Symbol("x") }]) {
    assert.throws(
      () => openRun(PROBLEM, SET, wasmKernels(), { strategy: strategy as TopologyStrategy }),
      { name: "StrategyError", message: /^Cannot use th(is|e) strategy.*: found / },
    );
  }
});

Deno.test("what looks like a part and is none is refused, as nothing would read it", () => {
  const cases: [parts: Readonly<Record<string, unknown>>, says: RegExp][] = [
    [{ updte: {} }, /found "updte", which is no part of a strategy; did you mean "update"\?$/],
    [{ Update: {} }, /found "Update", .*; did you mean "update"\?$/],
    [{ reinitialise: {} }, /found "reinitialise", .*; did you mean "reinitialize"\?$/],
    [{ initialise: {} }, /found "initialise", .*; did you mean "initialize"\?$/],
    [{ prune: () => [], grow: () => [] }, /found "prune", need it in update: { prune, grow }$/],
    [{ family: "a", strategy: () => ({}) }, /found "strategy", need the strategy itself: a method/],
  ];
  for (const [parts, says] of cases) {
    assert.throws(
      () => openRun(PROBLEM, SET, wasmKernels(), { strategy: wrong(parts) }),
      (error) => assertNamed(error, says),
    );
  }
  // A strategy may remember more about itself.
  const strategy = wrong({ colour: "red", published2025: true, _seen: [] });
  using _run = openRun(PROBLEM, SET, wasmKernels(), { strategy });
});

const failures: [what: string, strategy: () => TopologyStrategy, says: RegExp][] = [
  ["a promise", () => wrong({ update: async () => await [] }), /found a promise, need an answer/],
  [
    "a promise that rejects",
    () => wrong({ update: () => Promise.reject(new Error("later")) }),
    /found a promise/,
  ],
  ["a promise of a memory", () => wrong({ begin: () => Promise.reject(7) }), /found a promise/],
  [
    "a promise of positions",
    () => wrong({ update: { prune: () => new Int32Array(0), grow: () => Promise.reject(7) } }),
    /found a promise/,
  ],
  [
    "no growth",
    () => wrong({ update: { prune: () => new Int32Array(0), grow() {} } }),
    /the positions need to be a Float64Array/,
  ],
  ["null as change", () => wrong({ update: () => [null] }), /found a change of layer nothing/],
  ["missing changes", () => wrong({ update: () => Array(2) }), /found a change of layer nothing/],
  ["operations of many digits", () => changing(() => ({ flops: 5n })), /found 5, need a number/],
  ["operations as text", () => changing(() => ({ flops: "5" })), /found "5", need a number/],
  ["endless operations", () => changing(() => ({ flops: 1e308 })), /found 1e\+308, need a number/],
  ["weights as text", () => changing(() => ({ values: "1" })), /found "1" as values of the grown/],
  ["no weights", () => changing(() => ({ weights: null })), /found null as values of the stored/],
  ["no own arrays", () => changing(() => ({ own: null })), /found null as own, need arrays/],
  ["notes of no JSON", () => changing(() => ({ notes: { x: 1n } })), /found 1 among its notes/],
  ["nested notes", () => changing(() => ({ notes: { x: {} } })), /found {} among its notes/],
  ["text as notes", () => changing(() => ({ notes: "x" })), /found "x" among its notes/],
  [
    "a getter that throws",
    () =>
      changing(() =>
        Object.defineProperty({}, "notes", {
          enumerable: true,
          get() {
            throw new Error("read");
          },
        })
      ),
    /failed: read$/,
  ],
  ["own arrays replaced", () =>
    changing(({ own }) => {
      Object.assign(own, { a: new Float64Array(3) });
      return {};
    }, { own: ["a"] }), /Cannot assign to read only property 'a'/],
  ["own arrays given away", () =>
    changing(({ own }) => {
      structuredClone(own.a, { transfer: [own.a.buffer as ArrayBuffer] });
      return {};
    }, { own: ["a"] }), /its array "a" has 0 numbers/],
  ...(["weights", "indices", "indptr"] as const).map((
    part,
  ): [string, () => TopologyStrategy, RegExp] => [
    `${part} overwritten`,
    () =>
      changing((first) => {
        (first[part] as Int32Array).fill(1e6);
        return { grow: new Float64Array(0) };
      }),
    /it wrote to the (weights|indices|row starts) of layer 0, need a change that tells them/,
  ]),
  ["the optimiser's state overwritten", () =>
    changing(({ state: [momentum] }) => {
      momentum.fill(NaN);
      return {};
    }), /it wrote to the state of layer 0/],
  ["everything overwritten before an error", () =>
    wrong({
      own: ["a"],
      begin: () => ({ updates: 0, list: Float64Array.of(0) }),
      update: ({ layers }: { layers: LayerView[] }, _: unknown, memory: { updates: number }) => {
        memory.updates++;
        for (const { weights, state, own } of layers) {
          for (const array of [weights, ...state, own.a]) array.fill(7);
        }
        throw new Error("a\n\u001b[31mb");
      },
    }), /failed: a\\u000a\\u001b\[31mb$/],
  ["a begin that fails late", () =>
    wrong({
      own: ["a"],
      begin: ({ layers: [{ own, weights }] }: { layers: LayerView[] }) => {
        own.a.fill(7);
        weights.fill(7);
        throw new Error("late");
      },
    }), /failed: late$/],
  ["gradients of no position", () =>
    changing(({ gradientAt }) => {
      gradientAt(Float64Array.of(-5));
      return {};
    }), /Cannot find gradients in layer 0: position 0 is -5, need an integer from 0/],
  [
    "a pruning rate of NaN",
    () => wrong({ when: { every: 1, unit: "steps", pruneRate: () => NaN } }),
    /a fraction of NaN: need/,
  ],
  ["a symbol", () =>
    wrong({
      update() {
        throw Symbol("x");
      },
    }), /failed: Symbol\(x\)$/],
  ["nothing that has a text", () =>
    wrong({
      update() {
        throw Object.create(null);
      },
    }), /failed: it threw a value that cannot be shown$/],
  ["ten million letters", () =>
    wrong({
      update() {
        throw new Error("x".repeat(1e7));
      },
    }), /failed: x{500}\.\.\.$/],
  ...([
    ["itself", (memory) => memory.x = memory, "memory again at memory.x"],
    [
      "an array twice",
      (memory) => memory.x = memory.y = new Uint8Array(1),
      "memory.y again at memory.x",
    ],
    ["a hole", (memory) => memory.x = [1, , 2], "nothing at memory.x[1]"],
    ["a key that is a symbol", (memory) => memory[Symbol("s")] = 1, "a symbol as key at memory"],
    ["a symbol", (memory) => memory.x = Symbol("s"), "Symbol(s) at memory.x"],
  ] as [string, (memory: Record<PropertyKey, unknown>) => void, string][]).map((
    [what, change, found],
  ): [string, () => TopologyStrategy, RegExp] => [`a memory with ${what}`, () =>
    wrong({
      begin: () => ({}),
      update: (_: unknown, __: unknown, memory: Record<PropertyKey, unknown>) => {
        change(memory);
        return [];
      },
    }), new RegExp(`found ${found.replace(/[[\]()]/g, "\\$&")}, need JSON values`)]
  ),
];

for (const [what, make, says] of failures) {
  Deno.test(`a strategy with ${what} is named in one sentence, and changes nothing`, () => {
    const strategy = make();
    using run = openRun(PROBLEM, SET, wasmKernels(), { strategy });
    let before: object | undefined;
    for (const part of ["update", "begin"] as const) {
      const call = strategy[part] as unknown;
      if (typeof call !== "function") continue;
      Object.assign(strategy, {
        [part]: (...all: unknown[]) => {
          before = stateOf(run);
          return call(...all);
        },
      });
    }
    assert.throws(() => finish(run), (error) => assertNamed(error, says));
    if (before !== undefined) assert.deepEqual(stateOf(run), before);
  });
}

Deno.test("a memory that no checkpoint could keep is refused when it is made", () => {
  const memories: [memory: object, fits: boolean][] = [
    [{ text: "\0".repeat(2 ** 20 - 100) }, true],
    [{ text: "\0".repeat(2 ** 20) }, false],
    [{ list: Array(2 ** 16).fill(0.1) }, false],
    [{ list: new Float64Array(2 ** 16).fill(0.1) }, true],
    [{ ["k".repeat(2 ** 20)]: 1 }, false],
  ];
  for (const [memory, fits] of memories) {
    using run = openRun(PROBLEM, SET, wasmKernels(), { strategy: wrong({ begin: () => memory }) });
    if (fits) {
      train(run).next();
      const seconds = { train: 0, topology: 0, evaluate: 0, total: 0, cpu: 0 };
      const checkpoint = encodeCheckpoint(saveRun(run), SET, {
        data: "",
        kernels: "wasm",
        seconds,
      });
      assert.ok(encodeSafetensors(checkpoint.tensors, checkpoint.metadata).length > 0);
    } else {
      assert.throws(() => finish(run), (error) => assertNamed(error, /need typed arrays for many/));
    }
  }
});

Deno.test("first connections that are none are refused in one sentence", () => {
  for (const answer of [Promise.reject(new Error("later")), null, {}, "text"]) {
    const strategy = wrong({ initialize: () => answer });
    assert.throws(
      () => openRun(PROBLEM, SET, wasmKernels(), { strategy }),
      (error) => assertNamed(error, /failed: Cannot (use its answer|begin with its connections): /),
    );
  }
});

Deno.test("a strategy that fails to draw the next member's connections loses no member", () => {
  const settings = tinySettings("set", { members: 3, epochs: 2, memberWeighting: 2 });
  const strategy = (drawn: number): TopologyStrategy => ({
    name: "draws",
    initialize: ([rows, columns]) => {
      if (drawn-- === 0) throw new Error("out of luck");
      const indptr = Int32Array.from({ length: rows + 1 }, (_, row) => row);
      return { shape: [rows, columns], indptr, indices: new Int32Array(rows) };
    },
  });
  const whole = trained(settings, { strategy: strategy(Infinity) }).run.progress;
  // Each of three members draws two layers.
  for (const drawn of [2, 3, 5]) {
    using broken = openRun(PROBLEM, settings, wasmKernels(), { strategy: strategy(drawn) });
    assert.throws(() => finish(broken), /the strategy "draws" failed: out of luck$/);
    const saved = saveRun(broken);
    using run = openRun(PROBLEM, settings, wasmKernels(), { strategy: strategy(Infinity), saved });
    finish(run);
    assert.deepEqual(run.progress, whole);
  }
});

Deno.test("a strategy that fails as a diverged network begins anew loses nothing", () => {
  for (const settings of [SET, tinySettings("edst")]) {
    const strategy = (drawn: number): TopologyStrategy => ({
      name: "draws",
      initialize: ([rows, columns], density, random) => {
        if (drawn-- === 0) throw new Error("out of luck");
        return sparse.erdosRenyi(rows, columns, density, random);
      },
    });
    const open = (drawn: number, saved?: SavedRun) =>
      openBreakingRun(
        { ...settings, onDivergence: "rollback" },
        ({ step, rollbacks }) => step === 15 && rollbacks.length < 2,
        { strategy: strategy(drawn), saved },
      );
    using whole = open(Infinity);
    finish(whole);
    assert.equal(whole.progress.rollbacks.length, 2);
    using broken = open(2);
    assert.throws(() => finish(broken), /the strategy "draws" failed: out of luck$/);
    using run = open(Infinity, saveRun(broken));
    finish(run);
    assert.deepEqual(run.progress.members, whole.progress.members);
    // The run itself can go on as well.
    finish(broken);
    assert.deepEqual(broken.progress.members, whole.progress.members);
  }
});
