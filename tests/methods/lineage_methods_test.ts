/** Networks that begin with the layers of others: Prune and Tune, and lottery tickets. */
import assert from "node:assert/strict";
import { openRun } from "../../lib/ensemble/training_run.ts";
import { wasmKernels } from "../../lib/kernels/wasm/wasm.ts";
import { LOTTERY_TICKETS, ticketLayer } from "../../lib/methods/ensembles/lottery_tickets.ts";
import { antiRandom } from "../../lib/methods/ensembles/prune_and_tune.ts";
import type { Member } from "../../lib/nn/member.ts";
import type { StoredSparseLayer } from "../../lib/nn/stored_layer.ts";
import { randomStream } from "../../lib/random.ts";
import { completeSettings } from "../../lib/settings/mod.ts";
import { blockPattern } from "../../lib/sparse/blocks.ts";
import { positionsOf } from "../../lib/sparse/positions.ts";
import { learningRateAt } from "../../lib/training/learning_rate.ts";
import { finish, problemOf, tinySettings } from "../ensemble/tiny_runs.ts";

/** The positions of a member's connections in a layer, or of its blocks. */
function positions({ layers }: Member, l: number): number[] {
  return [...positionsOf(blockPattern(layers[l] as StoredSparseLayer))];
}

Deno.test("Prune and Tune: a pair of children divides its parent, and begins with its weights", () => {
  const settings = tinySettings("prune-and-tune", { members: 4, memberSelection: "last" });
  const begun: Member[] = [];
  let parent: Member | undefined;
  using run = openRun(problemOf(settings), settings, wasmKernels());
  finish(run, (event) => {
    if (event.type === "member") parent ??= event.member;
    if (event.type !== "member" || event.index === 4) return;
    const layers = run.stage.network.layers.map((layer): StoredSparseLayer => {
      assert.ok(layer.kind === "sparse");
      const { rows, columns, indptr, indices, weights, bias } = layer;
      const arrays = { indptr: indptr.slice(), indices: indices.slice() };
      const data = Float32Array.from(weights);
      return {
        kind: "sparse",
        shape: [rows, columns],
        ...arrays,
        data,
        bias: bias.slice() as Float32Array,
      };
    });
    begun.push({ layers, epoch: 0, validationAccuracy: null });
  });
  assert.equal(begun.length, 4);
  for (const l of [0, 1]) {
    const whole = positions(parent!, l);
    for (const [one, other] of [[begun[0], begun[1]], [begun[2], begun[3]]]) {
      const both = [...positions(one, l), ...positions(other, l)];
      assert.deepEqual(both.sort((a, b) => a - b), whole);
      assert.equal(positions(one, l).length, whole.length / 2);
    }
    assert.notDeepEqual(positions(begun[0], l), positions(begun[2], l));
    const weights = new Map(
      whole.map((at, entry) => [at, (parent!.layers[l] as StoredSparseLayer).data[entry]]),
    );
    for (const child of begun) {
      const { data } = child.layers[l] as StoredSparseLayer;
      assert.deepEqual([...data], positions(child, l).map((at) => weights.get(at)));
      assert.deepEqual([...child.layers[l].bias], [...parent!.layers[l].bias]);
    }
  }
  // The output layer is the parent's.
  assert.deepEqual(positions(begun[3], 2), positions(parent!, 2));
});

Deno.test("Prune and Tune: 140 epochs and six children of 10 are 200, along one cycle each", () => {
  const settings = completeSettings({ method: "prune-and-tune" });
  const { members, epochs, explore } = settings;
  assert.deepEqual([members, epochs, explore], [6, 10, 140]);
  using run = openRun(problemOf(settings), { ...settings, hidden: [8] }, wasmKernels());
  assert.equal(run.schedule.epochs, 200);
  const rate = (epoch: number) => learningRateAt(run.schedule, "step", epoch, 0);
  // A one-cycle rate begins at 1/25 of its top and is there after 30 % of the child's epochs.
  assert.equal(rate(139), settings.learningRate);
  assert.ok(Math.abs(rate(140) - settings.learningRate / 25) < 1e-12);
  assert.ok(Math.abs(rate(143) - settings.learningRate) < 1e-12);
  assert.equal(rate(150), rate(140));
});

Deno.test("anti-random masks: opposite where both halves fit, else filled or cut to the budget", () => {
  const random = () => randomStream(3, "mask");
  for (const [all, count] of [[10, 5], [9, 4], [10, 7], [10, 2], [4, 4]]) {
    const one = new Set(antiRandom(all, count, false, random()));
    const other = new Set(antiRandom(all, count, true, random()));
    assert.deepEqual([one.size, other.size], [count, count]);
    const shared = [...one].filter((entry) => other.has(entry)).length;
    assert.equal(shared, Math.max(0, 2 * count - all), `${count} of ${all}`);
  }
});

Deno.test("a lottery ticket has the strongest trained connections, with their first weights", () => {
  const layer = (data: number[]): StoredSparseLayer => ({
    kind: "sparse",
    shape: [2, 3],
    indptr: Int32Array.of(0, 2, 4),
    indices: Int32Array.of(0, 2, 1, 2),
    data: Float32Array.from(data),
    bias: Float32Array.of(7, 8),
  });
  const pretrained = layer([1, 2, 3, 4]);
  const first = ticketLayer(pretrained, layer([0.5, -9, 0.1, -0.6]), 3);
  assert.deepEqual([[...first.indices], [...first.data]], [[0, 2, 2], [1, 2, 4]]);
  // The next round starts from the connections that were left.
  const trained = { ...first, data: Float32Array.of(5, 0.1, 6), bias: Float32Array.of(0, 0) };
  const second = ticketLayer(pretrained, trained, 2);
  assert.deepEqual([[...second.indptr], [...second.indices]], [[0, 1, 2], [0, 2]]);
  assert.deepEqual([[...second.data], [...second.bias]], [[1, 4], [7, 8]]);
});

Deno.test("lottery tickets: every round leaves 1 − p of the connections, down to the budget", () => {
  const settings = tinySettings("lottery-tickets", {
    members: 2,
    ticketRounds: 2,
    ticketPruneRate: 0.2,
  });
  const counts: number[] = [];
  using run = openRun(problemOf(settings), settings, wasmKernels());
  finish(run, (event) => {
    if (event.type === "member") {
      counts.push((event.member.layers[1] as StoredSparseLayer).indices.length);
    }
  });
  assert.equal(LOTTERY_TICKETS.lineage!.rounds(settings as never), 3);
  // The budget of the layer is 2 × (30 + 30) = 120, and 120 / 0.8 = 150.
  assert.deepEqual(counts.slice(1), [counts[0], 150, 120, counts[0], 150, 120]);
  assert.ok(counts[0] > 150 && counts[0] < 225);
  const [one, other] = run.progress.members;
  assert.equal(run.progress.members.length, 2);
  assert.notDeepEqual(positions(one, 1), positions(other, 1));
});

Deno.test("members of one parent need a parent, and their epochs follow from no budget", () => {
  const refused = (settings: object) => {
    assert.throws(() => completeSettings({ method: "prune-and-tune", ...settings }), {
      name: "RangeError",
      message: /^Cannot use setting "(explore|budget)": found (0|9), need .* with method "prune-/,
    });
  };
  refused({ explore: 0 });
  refused({ budget: 9 });
});
