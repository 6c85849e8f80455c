import assert from "node:assert/strict";
import { measure, quartiles, speedUp } from "../../../lib/benchmarks/measuring/measure.ts";

/** A clock that only the alternatives move. */
function fakeClock(): { now: () => number; spend: (ms: number) => void } {
  let time = 0;
  return { now: () => time, spend: (ms) => time += ms };
}

Deno.test("quartiles agree with numpy.quantile", () => {
  // numpy.quantile([7, 1, 3, 10], [0, .25, .5, .75]) of NumPy 2.4
  assert.deepEqual(quartiles([7, 1, 3, 10]), { least: 1, lower: 2.5, median: 5, upper: 7.75 });
  assert.deepEqual(quartiles([4]), { least: 4, lower: 4, median: 4, upper: 4 });
  // Numbers, not texts: "10" would come before "9".
  assert.equal(quartiles([10, 9, 100]).median, 10);
  assert.throws(() => quartiles([]), RangeError);
});

Deno.test("measure lets the alternatives take turns", () => {
  const { now, spend } = fakeClock();
  const order: string[] = [];
  const run = (name: string, ms: number) => () => {
    order.push(name);
    spend(ms);
  };
  const options = { now, warmUp: 0, sample: 0, budget: 0, minRounds: 3 };
  const measured = measure({ a: run("a", 2), b: run("b", 5) }, options);
  assert.equal(order.join(""), "ab" + "ababab");
  assert.deepEqual(measured.a.samples, [2, 2, 2]);
  assert.deepEqual(measured.b.samples, [5, 5, 5]);
  assert.equal(measured.b.median, 5);
});

Deno.test("measure warms up, and repeats what is short until a sample is long enough", () => {
  const { now, spend } = fakeClock();
  let runs = 0;
  const short = () => {
    runs++;
    spend(0.5);
  };
  const options = { now, warmUp: 10, sample: 4, budget: 0, minRounds: 2 };
  const { short: measured } = measure({ short }, options);
  assert.equal(measured.repeats, 8);
  assert.equal(runs, 20 + 2 * 8);
  assert.deepEqual(measured.samples, [0.5, 0.5]);
});

Deno.test("measure stops at its budget, and at the most rounds", () => {
  const { now, spend } = fakeClock();
  const run = () => spend(10);
  const options = { now, warmUp: 0, sample: 0, minRounds: 1 };
  assert.equal(measure({ run }, { ...options, budget: 35 }).run.samples.length, 4);
  assert.equal(measure({ run }, { ...options, budget: 1e9, maxRounds: 7 }).run.samples.length, 7);
});

Deno.test("speedUp holds where the whole machine drifts, as the ratio of medians does not", () => {
  const { now, spend } = fakeClock();
  let slowness = 1;
  const options = { now, warmUp: 0, sample: 0, budget: 0, minRounds: 9 };
  const measured = measure({
    a: () => spend(slowness),
    b: () => {
      spend(3 * slowness);
      slowness *= 1.3;
    },
  }, options);
  const { lower, median, upper } = speedUp(measured.a, measured.b);
  for (const ratio of [lower, median, upper]) assert.ok(Math.abs(ratio - 3) < 1e-9, `${ratio}`);
  const shorter = { ...measured.b, samples: measured.b.samples.slice(1) };
  assert.throws(() => speedUp(measured.a, shorter), RangeError);
});
