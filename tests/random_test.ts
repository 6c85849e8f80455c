import assert from "node:assert/strict";
import { type Random, randomFromState, randomStream, shuffle, streamKey } from "../lib/random.ts";
import { assertCounts, assertUniform } from "./sparse/chi_square.ts";

/**
 * The first outputs of xoshiro128** 1.1 from the state (1, 2, 3, 4), as published with the crate
 * rand_xoshiro, which had them from the authors' C code.
 */
const PUBLISHED = [
  11520,
  0,
  5927040,
  70819200,
  2031721883,
  1637235492,
  1287239034,
  3734860849,
  3729100597,
  4258142804,
];

Deno.test("randomFromState gives the published numbers of xoshiro128**", () => {
  const random = randomFromState(Uint32Array.of(1, 2, 3, 4));
  assert.deepEqual(PUBLISHED.map(() => random.uint32()), PUBLISHED);
});

Deno.test("randomFromState continues a stream from any of its states", () => {
  const random = randomStream(5, "anything");
  for (
    const draw of [(r: Random) => r.uint32(), (r: Random) => r.normal(), (r: Random) => r.below(9)]
  ) {
    draw(random);
    const state = random.state.slice();
    const continued = randomFromState(state);
    assert.deepEqual(
      Array.from({ length: 20 }, () => draw(continued)),
      Array.from({ length: 20 }, () => draw(random)),
    );
    assert.notDeepEqual(continued.state, state, "the stream keeps its own copy");
  }
});

Deno.test("randomFromState refuses a state that is no state", () => {
  for (const words of [[], [0, 0, 0, 0], [1, 2, 3], [1, 2, 3, 4, 5]]) {
    assert.throws(() => randomFromState(Uint32Array.from(words)), {
      name: "RangeError",
      message: `Cannot continue a random stream: need four words, not all zero, got [${
        words.join(", ")
      }]`,
    });
  }
});

Deno.test("randomStream refuses a seed that is no integer from 0", () => {
  for (const seed of [-1, 0.5, NaN, Infinity, 2 ** 53]) {
    assert.throws(() => randomStream(seed), {
      name: "RangeError",
      message: `Cannot open a random stream with seed ${seed}: need an integer from 0`,
    });
  }
  assert.notEqual(randomStream(2 ** 53 - 1).uint32(), randomStream(2 ** 53 - 2).uint32());
});

Deno.test("randomStream gives equal streams for equal names and others for others", () => {
  const first = (seed: number, ...purpose: (string | number)[]) =>
    Array.from({ length: 4 }, ((random) => () => random.uint32())(randomStream(seed, ...purpose)));
  assert.deepEqual(first(1, "batches", 12), first(1, "batches", 12));
  const streams = [
    first(1),
    first(2),
    first(1, "batches"),
    first(1, "batches", 1),
    first(1, "batches", 12),
    first(1, "batches", 1, 2),
    first(1, "batches", 2, 1),
    first(11, "batches", 2),
    first(1, "dropout", 12),
    first(1, 1),
    first(1, "1", "1"),
  ];
  assert.equal(new Set(streams.map((words) => words.join())).size, streams.length);
});

Deno.test("streamKey is the first number of the stream of that name, and rarely repeats", () => {
  for (let seed = 0; seed < 100; seed++) {
    const name = ["dropout", 977 * seed, seed % 3] as const;
    assert.equal(streamKey(seed, ...name), randomStream(seed, ...name).uint32());
  }
  assert.throws(() => streamKey(-1, "dropout"), {
    name: "RangeError",
    message: /with seed -1: need/,
  });
  const keys = new Set<number>();
  for (let step = 0; step < 20_000; step++) {
    for (let layer = 0; layer < 3; layer++) keys.add(streamKey(1, "dropout", step, layer));
  }
  // 60,000 of 2³² keys: 0.4 pairs are expected to meet by chance.
  assert.ok(keys.size >= 60_000 - 5, `${keys.size}`);
});

Deno.test("float gives multiples of 2⁻³² from 0 to below 1, evenly", () => {
  const random = randomStream(1, "float");
  const counts = new Float64Array(100);
  for (let i = 0; i < 100_000; i++) {
    const value = random.float();
    assert.ok(value >= 0 && value < 1 && Number.isInteger(value * 2 ** 32));
    counts[Math.floor(value * 100)]++;
  }
  assertUniform(counts, "float");
});

Deno.test("below gives every integer below its limit equally often", () => {
  for (const limit of [1, 2, 3, 7, 10, 64, 100]) {
    const random = randomStream(1, "below", limit);
    const counts = new Float64Array(limit);
    for (let i = 0; i < 20_000; i++) counts[random.below(limit)]++;
    if (limit === 1) assert.equal(counts[0], 20_000);
    else assertUniform(counts, `below(${limit})`);
  }
});

Deno.test("below is not biased where the limit does not divide the range of the generator", () => {
  // Without drawing again, the first third would come twice as often as the others.
  for (const limit of [3 * 2 ** 30, 2 ** 32, 2 ** 32 + 2, 3 * 2 ** 51, 2 ** 53, 10 ** 15 + 7]) {
    const random = randomStream(1, "below", limit);
    const counts = new Float64Array(30);
    const last = new Float64Array(2);
    for (let i = 0; i < 30_000; i++) {
      const value = random.below(limit);
      assert.ok(Number.isSafeInteger(value) && value >= 0 && value < limit);
      counts[Math.floor(value / limit * 30)]++;
      last[value % 2]++;
    }
    assertUniform(counts, `below(${limit}), large`);
    assertUniform(last, `below(${limit}), last bit`);
  }
});

Deno.test("normal has the moments and the tails of the normal distribution", () => {
  const random = randomStream(1, "normal");
  const n = 100_000;
  const moments = [0, 0, 0, 0];
  // Φ(−2), Φ(−1), Φ(0), Φ(1), Φ(2) by scipy.stats.norm.cdf.
  const phi = [
    0.022750131948179195,
    0.15865525393145707,
    0.5,
    0.8413447460685429,
    0.9772498680518208,
  ];
  const counts = new Float64Array(6);
  for (let i = 0; i < n; i++) {
    const x = random.normal();
    moments.forEach((_, power) => moments[power] += x ** (power + 1) / n);
    counts[[-2, -1, 0, 1, 2].filter((edge) => x >= edge).length]++;
  }
  // The variances of x, x², x³ and x⁴ are 1, 2, 15 and 96.
  [0, 1, 0, 3].forEach((expected, power) => {
    const deviation = Math.sqrt([1, 2, 15, 96][power] / n);
    assert.ok(Math.abs(moments[power] - expected) < 4.5 * deviation, `moment ${power + 1}`);
  });
  assertCounts(counts, [...phi, 1].map((p, i) => n * (p - (i > 0 ? phi[i - 1] : 0))), "normal");
});

Deno.test("normal keeps nothing back: the state alone fixes what follows", () => {
  const random = randomStream(1, "normal");
  random.normal();
  assert.equal(randomFromState(random.state).normal(), random.normal());
});

Deno.test("shuffle gives every order equally often", () => {
  const random = randomStream(1, "shuffle");
  const counts = new Map<string, number>();
  for (let i = 0; i < 24_000; i++) {
    const array = Int32Array.of(0, 1, 2, 3);
    shuffle(array, random);
    counts.set(array.join(), (counts.get(array.join()) ?? 0) + 1);
  }
  assert.equal(counts.size, 24);
  assertUniform([...counts.values()], "orders of four");
  const empty = new Int32Array(0);
  shuffle(empty, random);
  const one = Int32Array.of(7);
  shuffle(one, random);
  assert.deepEqual([...empty, ...one], [7]);
});

Deno.test("streams of different purposes are not correlated", () => {
  const n = 20_000;
  const draw = (...purpose: (string | number)[]) => {
    const random = randomStream(1, ...purpose);
    return Float64Array.from({ length: n }, () => random.float() - 0.5);
  };
  const streams = [
    draw("batches", 0),
    draw("batches", 1),
    draw("batches", 2),
    draw("topology", 0, 0),
    draw("topology", 0, 1),
    draw("topology", 1, 0),
    draw("weights", 0, 0),
  ];
  for (let a = 0; a < streams.length; a++) {
    for (let b = a; b < streams.length; b++) {
      for (const lag of [0, 1, 2]) {
        if (a === b && lag === 0) continue;
        let sum = 0;
        for (let i = lag; i < n; i++) sum += streams[a][i] * streams[b][i - lag];
        // The products have mean 0 and variance 1/144.
        assert.ok(Math.abs(sum) * 12 / Math.sqrt(n) < 4.5, `streams ${a} and ${b}, lag ${lag}`);
      }
    }
  }
});

Deno.test("the first numbers of streams with consecutive names are spread evenly", () => {
  const counts = new Float64Array(64);
  const bits = new Float64Array(2);
  for (let epoch = 0; epoch < 20_000; epoch++) {
    const value = randomStream(1, "batches", epoch).uint32();
    counts[value >>> 26]++;
    bits[value & 1]++;
  }
  assertUniform(counts, "high bits");
  assertUniform(bits, "lowest bit");
});
