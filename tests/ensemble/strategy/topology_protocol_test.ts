import assert from "node:assert/strict";
import { methodOf } from "../../../lib/methods/methods.ts";
import type { Settings } from "../../../lib/settings/mod.ts";
import type { TrainingEvent } from "../../../lib/ensemble/training_event.ts";
import type { TrainingRun } from "../../../lib/ensemble/training_run.ts";
import type { SparseLayer } from "../../../lib/nn/layer.ts";
import { validatePattern } from "../../../lib/sparse/pattern.ts";
import { positionsOf } from "../../../lib/sparse/positions.ts";
import { transposeIndex } from "../../../lib/sparse/transpose_index.ts";
import { pruneMagnitude, pruneSigned } from "../../../lib/topology/prune.ts";
import type { GrowRequest, TopologyStrategy } from "../../../lib/topology/strategy.ts";
import { endsMember, phaseAt, updatesTopology } from "../../../lib/training/schedule.ts";
import { SEQUENTIAL, tinySettings, trained } from "../tiny_runs.ts";

/** A layer of the network at one moment. */
interface Moment {
  readonly shape: readonly [number, number];
  readonly indptr: Int32Array;
  readonly indices: Int32Array;
  readonly weights: Float32Array;
  readonly momentum: Float32Array;
}

/** One topology change of one layer, from outside. */
interface Change {
  readonly event: TrainingEvent & { type: "topology" };
  readonly before: Moment;
  readonly after: Moment;
  /** The positions of this layer in the members that were complete. */
  readonly blocked: ReadonlySet<number>;
}

function momentOf(layer: TrainingRun["stage"]["network"]["layers"][number]): Moment {
  const { rows, columns, indptr, indices, weights, state } = layer as SparseLayer;
  return {
    shape: [rows, columns],
    indptr: indptr.slice(),
    indices: indices.slice(),
    weights: Float32Array.from(weights),
    momentum: Float32Array.from(state[0].weights),
  };
}

/** Trains a run and tells every change of a topology. */
function changesOf(
  settings: Settings,
  strategy?: TopologyStrategy,
): { changes: Change[]; run: TrainingRun } {
  const changes: Change[] = [];
  let before: Moment[] = [];
  const { run } = trained(settings, {
    strategy,
    onEvent: (event, { stage: { network }, progress }) => {
      if (event.type === "batch") before = network.layers.map(momentOf);
      if (event.type !== "topology") return;
      const blocked = new Set(
        progress.members.flatMap(({ layers }) => {
          const layer = layers[event.layer];
          return layer.kind === "sparse" ? [...positionsOf(layer)] : [];
        }),
      );
      const layer = network.layers[event.layer] as SparseLayer;
      const after = momentOf(layer);
      validatePattern(after);
      assert.deepEqual(transposeIndex(after), {
        indptr: layer.transpose.indptr.slice(),
        rows: layer.transpose.rows.slice(),
        entries: layer.transpose.entries.slice(),
      });
      changes.push({ event, before: before[event.layer], after, blocked });
    },
  });
  return { changes, run };
}

/** Entries that stayed and positions that are new, with what the strategies prune in this kind. */
function sortOut({ event, before, after }: Change, settings: Settings, run: TrainingRun) {
  const prune = event.kind === "update" ? pruneSigned : pruneMagnitude;
  const fraction = event.kind === "update"
    ? phaseAt(run.schedule, event.epoch - 1).pruneRate
    : settings.reinitializeRate;
  const removed = prune({ ...before, layer: event.layer, layers: 3 }, fraction);
  const gone = new Set(removed);
  const places = positionsOf(before);
  const survivors = new Map(
    [...places].map((position, entry) => [position, entry] as const).filter(([, e]) =>
      !gone.has(e)
    ),
  );
  const grown = [...positionsOf(after)].map((position, entry) => ({ position, entry }))
    .filter(({ position }) => !survivors.has(position));
  return { removed, survivors, grown };
}

const overlapOf = (grown: readonly { position: number }[], blocked: ReadonlySet<number>) =>
  grown.filter(({ position }) => blocked.has(position)).length;

for (const method of [...SEQUENTIAL, "set"] as const) {
  const settings = tinySettings(method, { epochs: 16 });

  Deno.test(`"${method}" changes the hidden topologies when the schedule says so`, () => {
    const { changes, run } = changesOf(settings);
    const expected = Array.from({ length: 16 }, (_, epoch) => epoch).flatMap((epoch) => {
      const last = epoch === 15;
      const kind = updatesTopology(run.schedule, epoch)
        ? "update"
        : endsMember(run.schedule, epoch) && !last
        ? "reinitialize"
        : null;
      // Never the output layer.
      return kind === null ? [] : [0, 1].map((layer) => ({ kind, epoch: epoch + 1, layer }));
    });
    assert.deepEqual(
      changes.map(({ event: { kind, epoch, layer } }) => ({ kind, epoch, layer })),
      expected,
    );
  });

  Deno.test(`"${method}" keeps the survivors' weight and momentum, and grows as many as it prunes`, () => {
    const { changes, run } = changesOf(settings);
    for (const change of changes) {
      const { event, before, after } = change;
      const { removed, survivors, grown } = sortOut(change, settings, run);
      assert.ok(removed.length > 0);
      assert.equal(event.grown, removed.length);
      assert.equal(grown.length, removed.length);
      assert.equal(after.weights.length, before.weights.length);
      const places = new Map([...positionsOf(after)].map((position, entry) => [position, entry]));
      for (const [position, entry] of survivors) {
        const now = places.get(position)!;
        assert.equal(after.weights[now], before.weights[entry]);
        assert.equal(after.momentum[now], before.momentum[entry]);
      }
      // He's limit; whatever the density is, the fan-in is the dense one.
      const limit = Math.sqrt(6 / before.shape[1]);
      for (const { entry } of grown) {
        assert.equal(after.momentum[entry], 0);
        assert.ok(Math.abs(after.weights[entry]) <= limit);
      }
      assert.ok(new Set(grown.map(({ entry }) => after.weights[entry])).size > grown.length / 2);
    }
  });
}

Deno.test("re-initialisation replaces the share that the settings say, smallest first", () => {
  const settings = tinySettings("edst", { reinitializeRate: 0.8 });
  const { changes } = changesOf(settings);
  const [first] = changes.filter(({ event }) => event.kind === "reinitialize");
  const nnz = first.before.weights.length;
  assert.ok(Math.abs(first.event.grown - 0.8 * nnz) <= 1);
  const places = new Set(positionsOf(first.after));
  const kept = [...positionsOf(first.before)].map((position, e) =>
    [places.has(position), e] as const
  );
  const magnitudes = first.before.weights.map(Math.abs).sort();
  const threshold = magnitudes[first.event.grown];
  for (const [stays, entry] of kept) {
    if (Math.abs(first.before.weights[entry]) >= threshold) assert.ok(stays);
  }
});

Deno.test("RD and FD regrow where no earlier member has a connection, in the hidden layer alone", () => {
  for (const method of ["rd", "fd"] as const) {
    const settings = tinySettings(method, { members: 4, epochs: 28 });
    const { changes, run } = changesOf(settings);
    const reinitialisations = changes.filter(({ event }) => event.kind === "reinitialize");
    assert.equal(reinitialisations.length, 6);
    for (const change of reinitialisations) {
      const { grown } = sortOut(change, settings, run);
      const overlap = overlapOf(grown, change.blocked);
      if (change.event.layer === 1) {
        assert.equal(overlap, 0, `${method}, epoch ${change.event.epoch}`);
        assert.equal(change.event.notes.overlapping, 0);
      } else {
        // The first layer is regrown at random, so some positions are taken again.
        assert.ok(overlap > 0);
        assert.deepEqual(change.event.notes, {});
      }
    }
  }
});

Deno.test("FD avoids earlier members in every later update too, RD does not", () => {
  const overlaps = { fd: 0, rd: 0 };
  for (const method of ["fd", "rd"] as const) {
    for (const seed of [1, 2]) {
      const settings = tinySettings(method, { members: 3, epochs: 28, seed });
      const { changes, run } = changesOf(settings);
      const later = changes.filter(({ event, blocked }) =>
        event.kind === "update" && event.layer === 1 && blocked.size > 0
      );
      assert.ok(later.length >= 4);
      for (const change of later) {
        overlaps[method] += overlapOf(sortOut(change, settings, run).grown, change.blocked);
      }
    }
  }
  assert.equal(overlaps.fd, 0);
  assert.ok(overlaps.rd > 0);
});

Deno.test("a layer above the density limit is regrown at random, and the event says so", () => {
  const settings = tinySettings("fd", { densityLimit: 0.1 });
  const { changes } = changesOf(settings);
  const hidden = changes.filter(({ event }) => event.kind === "reinitialize" && event.layer === 1);
  assert.equal(hidden.length, 1);
  assert.match(
    String(hidden[0].event.notes.disjoint),
    /^not attempted: density 0\.1\d\d, need less than 0\.1$/,
  );
});

Deno.test("Dist-TSE tells how far the new weights are and how many candidates it took", () => {
  const settings = tinySettings("dist", { lambda: 2.5, distanceSamples: 50 });
  const { changes } = changesOf(settings);
  for (const { event, before, after } of changes) {
    if (event.kind === "update" || event.layer === 0) {
      assert.deepEqual(event.notes, {});
      continue;
    }
    const { iterations, distance, mean, deviation } = event.notes as Record<string, number>;
    assert.ok(iterations > 50);
    assert.ok(distance > mean + 2.5 * deviation && deviation > 0);
    const difference = new Map<number, number>();
    positionsOf(before).forEach((p, k) => difference.set(p, -before.weights[k]));
    positionsOf(after).forEach((p, k) =>
      difference.set(p, (difference.get(p) ?? 0) + after.weights[k])
    );
    const found = Math.hypot(...difference.values());
    assert.ok(Math.abs(found - distance) < 1e-4 * distance, "the Euclidean distance");
  }
});

Deno.test("the output layer's topology never changes, and a static one does not anywhere", () => {
  const changed = new Set<string>();
  for (const method of [...SEQUENTIAL, "set", "static"] as const) {
    let first: string[] | undefined;
    const { members } = trained(tinySettings(method), {
      onEvent: (_, { stage: { network } }) => {
        const found = network.layers.map((layer) => {
          const { indptr, indices } = layer as SparseLayer;
          return `${indptr} ${indices}`;
        });
        first ??= found;
        assert.equal(found[2], first[2], method);
        if (method === "static") assert.deepEqual(found, first);
        else if (found[0] !== first[0] && found[1] !== first[1]) changed.add(method);
      },
    });
    assert.ok(members[0].layers[2].kind === "sparse");
    assert.ok(members[0].layers[2].data.length < 90, "the output layer is sparse here");
  }
  assert.deepEqual([...changed].sort(), ["dist", "edst", "fd", "rd", "set"]);
});

Deno.test("dense and static methods have no topology events", () => {
  for (const method of ["static", "dense", "dense-ensemble"] as const) {
    const kinds = new Set<string>();
    trained(tinySettings(method), { onEvent: ({ type }) => kinds.add(type) });
    assert.deepEqual([...kinds].sort(), ["batch", "epoch", "member"]);
    assert.equal(methodOf(tinySettings(method)).topology.update, undefined);
  }
});

Deno.test("openRun takes a strategy of one's own in place of the method's", () => {
  const requests: GrowRequest[] = [];
  const streams = new Set<string>();
  // Removes the first connections of a layer and grows at the first free positions.
  const strategy: TopologyStrategy = {
    name: "first",
    update: {
      prune: (layer, fraction) =>
        Int32Array.from(
          { length: Math.floor(layer.indices.length * fraction) },
          (_, entry) => entry,
        ),
      grow: (request) => {
        requests.push(request);
        streams.add(request.random.state.join());
        const { survivors, count } = request;
        const taken = new Set(positionsOf(survivors));
        const [rows, columns] = survivors.shape;
        const free = Array.from({ length: rows * columns }, (_, position) => position)
          .filter((position) => !taken.has(position));
        return {
          positions: Float64Array.from(free.slice(0, count)),
          values: new Float32Array(count).fill(0.25),
          notes: { free: free.length },
        };
      },
    },
  };
  const settings = tinySettings("fd");
  const { changes } = changesOf(settings, strategy);
  const updates = changes.filter(({ event }) => event.kind === "update");
  assert.equal(requests.length, updates.length);
  assert.equal(streams.size, updates.length, "every change has a stream of its own");
  updates.forEach(({ event, after }, i) => {
    const { before, removed, count, predecessors } = requests[i];
    assert.equal(before.layer, event.layer);
    assert.equal(before.layers, 3);
    assert.equal(removed.length, count);
    assert.equal(event.grown, count);
    assert.equal(
      event.notes.free,
      before.shape[0] * before.shape[1] - after.weights.length + count,
    );
    assert.equal(predecessors.length, event.epoch > 8 ? 1 : 0);
    assert.ok(after.weights.filter((w) => w === 0.25).length >= count);
  });
  // Without a re-initialisation of its own it gets plain random regrowth.
  const [, hidden] = changes.filter(({ event }) => event.kind === "reinitialize");
  assert.ok(hidden.event.grown >= 0.79 * hidden.after.weights.length);
});

Deno.test("a strategy that breaks the rules stops the run, with the rule it broke", () => {
  const settings = tinySettings("set");
  const strategy: TopologyStrategy = {
    name: "wrong",
    update: {
      prune: () => Int32Array.of(0, 1),
      grow: () => ({ positions: Float64Array.of(5) }),
    },
  };
  assert.throws(() => changesOf(settings, strategy), {
    name: "StrategyError",
    message: 'Cannot change the topology: the strategy "wrong" failed: ' +
      "Cannot rewire layer 0: the strategy grew 1 connections for 2 removed",
  });
});
