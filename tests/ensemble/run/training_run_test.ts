import assert from "node:assert/strict";
import type { Problem } from "../../../lib/ensemble/problem.ts";
import type { TrainingEvent } from "../../../lib/ensemble/training_event.ts";
import { openRun, saveRun } from "../../../lib/ensemble/training_run.ts";
import { type Settings } from "../../../lib/settings/mod.ts";
import {
  addFlops,
  noFlops,
  trainingStepFlops,
  validationFlops,
} from "../../../lib/counters/flops.ts";
import { referenceKernels } from "../../../lib/kernels/reference.ts";
import { wasmKernels, wasmMemory } from "../../../lib/kernels/wasm/wasm.ts";
import { initialLayers, openNetwork, sizesOf, storeNetwork } from "../../../lib/nn/network.ts";
import type { Member } from "../../../lib/nn/member.ts";
import type { StoredLayer } from "../../../lib/nn/stored_layer.ts";
import { type Method, methodNamed } from "../../../lib/methods/mod.ts";
import { openWorkspace } from "../../../lib/nn/workspace.ts";
import { epochOrder } from "../../../lib/training/batches.ts";
import { evaluate } from "../../../lib/training/evaluate.ts";
import { endsMember, memberSpan } from "../../../lib/training/schedule.ts";
import { backEnds } from "../../kernels/back_ends.ts";
import { assertClose } from "../../kernels/problem.ts";
import { PLAIN_SGD } from "../../nn/example_networks.ts";
import { blobs, finish, METHODS, PROBLEM, tinySettings, trained } from "../tiny_runs.ts";

const RELU = { kind: "relu" } as const;

for (const method of METHODS) {
  const settings = tinySettings(method);

  Deno.test(`a run of method "${method}" learns, and gives the members it was asked for`, () => {
    const { members, run } = trained(settings);
    assert.equal(members.length, settings.members);
    assert.equal(members, run.progress.members);
    const { history } = run.progress;
    const span = memberSpan(run.schedule, 0);
    const first = history[span.from];
    const last = history[span.to - 1];
    assert.ok(last.loss < 0.7 * first.loss, `loss ${first.loss} to ${last.loss}`);
    for (const { layers, validationAccuracy } of members) {
      assert.deepEqual(sizesOf(layers), [6, 30, 30, 3]);
      // Three classes: chance is a third.
      assert.ok(validationAccuracy! > 0.8, `accuracy ${validationAccuracy}`);
      for (const layer of layers) {
        assert.equal(layer.kind, method.startsWith("dense") ? "dense" : "sparse");
        const weights = layer.kind === "sparse" ? layer.data : layer.weights;
        assert.ok(weights.every(Number.isFinite) && layer.bias.every(Number.isFinite));
      }
    }
  });

  Deno.test(`a member of method "${method}" is the network that was selected among its epochs`, () => {
    const told: Member[] = [];
    const { members, run } = trained(settings, {
      onEvent: (event) => event.type === "member" && told.push(event.member),
    });
    const isLast = run.settings.memberSelection === "last";
    members.forEach((member) => {
      // A family has networks that are no members of the ensemble.
      const index = told.findIndex(({ layers }) => layers === member.layers);
      const { from, to } = memberSpan(run.schedule, index);
      const records = run.progress.history.slice(from, to);
      assert.ok(records.every((record) => record.member === index));
      const candidates = isLast ? records.slice(-1) : records;
      const best = Math.max(...candidates.map((record) => record.validationAccuracy!));
      assert.equal(member.validationAccuracy, best);
      const first = candidates.find((record) => record.validationAccuracy === best)!;
      assert.equal(member.epoch, first.epoch);
      // The stored weights are those that were scored.
      const activation = settings.activation === "relu"
        ? RELU
        : { kind: "all-relu", alpha: settings.alpha } as const;
      using network = openNetwork(wasmKernels(), member.layers, activation, null);
      const workspace = openWorkspace(network, settings.batchSize, false);
      const { accuracy, loss } = evaluate(network, workspace, PROBLEM.validation!);
      assert.equal(accuracy, best);
      assert.equal(loss, first.validationLoss);
    });
  });

  Deno.test(`the events of method "${method}" tell every batch, epoch and member in order`, () => {
    const events: TrainingEvent[] = [];
    const { members, run } = trained(settings, { onEvent: (event) => events.push(event) });
    const { epochs } = run.schedule;
    const batches = events.filter((event) => event.type === "batch");
    assert.deepEqual(
      batches.map(({ epoch, batch }) => epoch * 10 + batch),
      Array.from({ length: epochs * 10 }, (_, i) => i + 1),
    );
    assert.ok(batches.every((event) => event.batches === 10));
    const records = events.filter((event) => event.type === "epoch");
    assert.deepEqual(
      records.map(({ type: _, epochs: all, ...record }) => (assert.equal(all, epochs), record)),
      run.progress.history,
    );
    const told = events.filter((event) => event.type === "member");
    assert.deepEqual(told.map(({ index }) => index), told.map((_, index) => index));
    const kept = told.map(({ member }) => member).filter(({ layers }) =>
      members.some((member) => member.layers === layers)
    );
    // Votes are given when all are there.
    assert.deepEqual(members.map(({ vote: _, ...member }) => member), kept);
    const { lineage } = methodNamed(method) as Method;
    assert.equal(told.length > members.length, lineage !== undefined);
    assert.equal(run.progress.step, epochs * 10);
    assert.equal(run.progress.epoch, epochs);
  });

  Deno.test(`a run of method "${method}" has as many connections as it says`, () => {
    const falling = [
      ...["gradual", "granet", "importance", "lottery", "prune-and-tune", "lottery-tickets"],
    ].includes(method);
    if (method === "srigl") {
      // All neurons have as many inputs, so that the layers have up to what ε = 2 asks for.
      trained(settings, {
        onEvent: (_, { stage: { network: { layers } } }) =>
          [72, 120].forEach((asked, l) => {
            const { weights: { length } } = layers[l];
            assert.ok(length <= asked && length > asked - 30, `${length} of ${asked}`);
          }),
      });
      return;
    }
    if (falling || ["snfs", "dsr"].includes(method)) {
      const sums: number[] = [];
      using run = openRun(PROBLEM, settings, wasmKernels());
      finish(run, () => {
        sums.push(run.stage.network.layers.reduce((sum, { weights }) => sum + weights.length, 0));
      });
      assert.ok(sums.every((sum) => sum <= sums[0]));
      if (settings.members === 1) assert.ok(sums.every((sum, i) => i === 0 || sum <= sums[i - 1]));
      assert.equal(sums.at(-1)! < sums[0], falling);
      return;
    }
    // Every independent member draws its own.
    const counts: number[][] = [];
    const isApart = settings.members > 1 && methodNamed(method).members === "independent";
    const own = (member: number) => isApart ? member : 0;
    const { members } = trained(settings, {
      onEvent: (_, { stage: { network }, progress }) => {
        const found = network.layers.map((layer) => layer.weights.length);
        const last = settings.members - 1;
        assert.deepEqual(found, counts[own(Math.min(progress.members.length, last))] ??= found);
      },
    });
    members.forEach(({ layers }, member) => {
      assert.deepEqual(
        layers.map((layer) => layer.kind === "sparse" ? layer.data.length : layer.weights.length),
        counts[own(member)],
      );
    });
  });

  Deno.test(`a run of method "${method}" never trains on the validation rows`, () => {
    // Whatever the validation rows are, the last network is the same.
    const last = { memberSelection: "last" } as const;
    const { members } = trained(tinySettings(method, last));
    const elsewhere: Problem = { ...PROBLEM, validation: blobs(33, 6, 3, 9) };
    const without: Problem = { ...PROBLEM, validation: null };
    const layers = members.map((member) => member.layers);
    for (const problem of [elsewhere, without]) {
      const other = trained(tinySettings(method, last), { problem });
      assert.deepEqual(other.members.map((member) => member.layers), layers);
      const { history } = other.run.progress;
      assert.ok(history.every((r) => (r.validationLoss === null) === (problem === without)));
    }
  });
}

Deno.test(`memberSelection "last" takes the networks at the ends of the members' epochs`, () => {
  for (const method of ["fd", "set", "dense-ensemble"] as const) {
    const ends: StoredLayer[][] = [];
    const { members, run } = trained(tinySettings(method, { memberSelection: "last" }), {
      onEvent: (event, { stage: { network }, schedule }) => {
        if (event.type === "batch" && event.batch === 10 && endsMember(schedule, event.epoch)) {
          ends.push(storeNetwork(network));
        }
      },
    });
    assert.deepEqual(members.map((member) => member.layers), ends);
    members.forEach(({ epoch, validationAccuracy }, index) => {
      assert.equal(epoch, memberSpan(run.schedule, index).to);
      assert.equal(validationAccuracy, run.progress.history[epoch - 1].validationAccuracy);
    });
  }
});

/** The layers that the settings' independent member number `replica` begins with. */
function freshLayers(settings: Settings, replica: number): StoredLayer[] {
  const { initializer, fan, seed } = settings;
  return initialLayers({
    sizes: [6, 30, 30, 3],
    epsilon: null,
    initializer,
    fan,
    seed,
    replica,
  });
}

Deno.test("independent members begin with networks of their own", () => {
  const settings = tinySettings("dense-ensemble", { members: 3, epochs: 2 });
  const first: StoredLayer[][] = [];
  trained(settings, {
    onEvent: (event, { stage: { network }, progress }) => {
      if (event.type === "member" && progress.members.length < 3) first.push(storeNetwork(network));
    },
  });
  assert.deepEqual(first, [freshLayers(settings, 1), freshLayers(settings, 2)]);
  assert.notDeepEqual(first[0], first[1]);
});

Deno.test("an independent member is trained as if there were no other", () => {
  for (const optimizer of ["sgd", "adam"] as const) {
    // Without dropout and with all rows in one batch, chance has no part in the steps.
    const settings = tinySettings("dense-ensemble", {
      optimizer,
      dropout: 0,
      batchSize: 200,
      epochs: 3,
      learningRate: 0.01,
      memberSelection: "last",
    });
    const [, second] = trained(settings).members;
    using run = openRun(PROBLEM, settings, wasmKernels());
    const { progress, state } = saveRun(run);
    const saved = { progress, state, layers: freshLayers(settings, 1) };
    const [alone] = trained(settings, { saved }).members;
    second.layers.forEach((layer, l) => {
      const other = alone.layers[l];
      assert.ok(layer.kind === "dense" && other.kind === "dense");
      // The rows are summed in another order.
      assertClose(layer.weights, other.weights, () => 1e-4, `${optimizer}, layer ${l}`);
      assertClose(layer.bias, other.bias, () => 1e-4, `${optimizer}, biases of layer ${l}`);
    });
  }
});

Deno.test("the same seed gives the same bytes, and another seed other networks", () => {
  for (const method of METHODS) {
    const bytes = (seed: number) => JSON.stringify(trained(tinySettings(method, { seed })).members);
    const first = bytes(1);
    assert.equal(bytes(1), first, method);
    assert.notEqual(bytes(2), first, method);
  }
});

Deno.test("a partial last batch is trained on where it is not dropped", () => {
  const batchesOf = (dropLastBatch: boolean) => {
    const settings = tinySettings("static", { batchSize: 150, epochs: 2, dropLastBatch });
    const batches: number[] = [];
    trained(settings, {
      onEvent: (event) => event.type === "batch" && batches.push(event.batches),
    });
    return batches;
  };
  assert.deepEqual(batchesOf(true), [1, 1]);
  assert.deepEqual(batchesOf(false), [2, 2, 2, 2]);
});

Deno.test("the history tells the mean loss and accuracy of the rows that were trained on", () => {
  for (const [dropLastBatch, count] of [[true, 150], [false, 200]] as const) {
    // Hardly any learning, so that the network can be scored on the same rows afterwards.
    const settings = tinySettings("static", {
      batchSize: 75,
      epochs: 3,
      dropLastBatch,
      dropout: 0,
      learningRate: 1e-9,
      weightDecay: 0,
    });
    using run = openRun(PROBLEM, settings, wasmKernels());
    finish(run);
    run.progress.history.forEach(({ loss, accuracy }, epoch) => {
      const order = epochOrder(200, settings.seed, epoch).subarray(0, count);
      const { features, labels, columns } = PROBLEM.training;
      const seen = {
        rows: count,
        columns,
        features: Float32Array.from(
          { length: count * columns },
          (_, i) => features[order[Math.floor(i / columns)] * columns + i % columns],
        ),
        labels: order.map((row) => labels[row]),
      };
      const scores = evaluate(run.stage.network, run.stage.workspace, seen);
      assert.ok(Math.abs(loss - scores.loss) < 1e-5);
      assert.equal(accuracy, scores.accuracy);
    });
  }
});

Deno.test("a step counts its floating-point operations, whatever the order of the batches", () => {
  const { run } = trained(
    tinySettings("static", { batchSize: 150, dropLastBatch: false, epochs: 3 }),
  );
  const { sizes, optimizer } = { sizes: run.progress.members[0].layers, optimizer: PLAIN_SGD };
  const layers = sizes.map((layer) => ({
    rows: layer.shape[0],
    columns: layer.shape[1],
    nnz: layer.kind === "sparse" ? layer.data.length : layer.weights.length,
  }));
  const expected = noFlops();
  for (const batch of [150, 50, 150, 50, 150, 50]) {
    addFlops(expected, trainingStepFlops(layers, batch, optimizer, false));
  }
  for (let epoch = 0; epoch < 3; epoch++) addFlops(expected, validationFlops(layers, 60));
  assert.deepEqual(run.progress.flops, expected);
});

Deno.test("openRun refuses what cannot be trained, and takes no memory for it", () => {
  const { used } = wasmMemory();
  const refuse = (problem: Problem, error: RegExp, name = "RangeError") => {
    assert.throws(
      () => openRun(problem, tinySettings("set"), wasmKernels()),
      (thrown: Error) => {
        assert.equal(thrown.name, name);
        assert.match(thrown.message, error);
        return true;
      },
    );
    assert.equal(wasmMemory().used, used);
  };
  const { training, validation } = PROBLEM;
  refuse({ ...PROBLEM, classes: 1 }, /^Cannot train a classifier: found 1 class, need 2$/);
  refuse({ ...PROBLEM, training: blobs(0, 6, 3, 1) }, /^Cannot train: found no training rows$/);
  const labelled = (label: number) => ({ ...training, labels: training.labels.with(7, label) });
  // A class beyond the last one would be written to beyond the end of its array.
  for (const label of [-1, 3, 2 ** 30]) {
    const error = new RegExp(`^Cannot train: training row 7 has class ${label}, need 0 to 2$`);
    refuse({ ...PROBLEM, training: labelled(label) }, error);
    refuse({ ...PROBLEM, validation: labelled(label) }, /validation row 7/);
  }
  const short = training.features.subarray(1);
  refuse({ ...PROBLEM, training: { ...training, features: short } }, /1199 features/, "TypeError");
  const labels = training.labels.subarray(1);
  refuse({ ...PROBLEM, training: { ...training, labels } }, /199 labels/, "TypeError");
  refuse(
    { ...PROBLEM, validation: { ...validation!, columns: 5, features: new Float32Array(300) } },
    /validation rows have 5 columns, the training rows 6/,
    "TypeError",
  );
});

Deno.test("every back end trains a run to much the same accuracy as the reference", () => {
  const accuracies = [referenceKernels(), ...backEnds()].map((kernels) => {
    const { members } = trained(tinySettings("fd", { epochs: 16 }), { kernels });
    return members.reduce((sum, { validationAccuracy }) => sum + validationAccuracy! / 2, 0);
  });
  for (const accuracy of accuracies) assert.ok(Math.abs(accuracy - accuracies[0]) <= 0.1);
});
