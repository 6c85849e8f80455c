/** PyTorch judges training with class weights: a batch's loss is the mean that its CrossEntropyLoss takes. */
import assert from "node:assert/strict";
import { openRun } from "../../lib/ensemble/training_run.ts";
import type { TrainingRun } from "../../lib/ensemble/training_run.ts";
import { wasmKernels } from "../../lib/kernels/wasm/wasm.ts";
import { epochOrder } from "../../lib/training/batches.ts";
import { finish, PROBLEM, tinySettings } from "./tiny_runs.ts";

/** Trains a perceptron of one hidden layer for one epoch, in the given order, without momentum. */
const SCRIPT = `
import json, sys
import torch
from torch import nn
given = json.load(sys.stdin)
torch.set_default_dtype(torch.float64)
features = torch.tensor(given["features"]).reshape(-1, given["columns"])
labels = torch.tensor(given["labels"])
counts = torch.bincount(labels, minlength=given["classes"])
layers = [nn.Linear(*shape) for shape in given["shapes"]]
with torch.no_grad():
    for layer, weights, bias in zip(layers, given["weights"], given["biases"]):
        layer.weight.copy_(torch.tensor(weights).reshape(layer.weight.shape))
        layer.bias.copy_(torch.tensor(bias))
network = nn.Sequential(layers[0], nn.ReLU(), layers[1])
loss = nn.CrossEntropyLoss(weight=len(labels) / (given["classes"] * counts))
optimizer = torch.optim.SGD(network.parameters(), lr=given["rate"])
for rows in torch.tensor(given["order"]).split(given["batch"]):
    optimizer.zero_grad()
    loss(network(features[rows]), labels[rows]).backward()
    optimizer.step()
print(json.dumps([layer.weight.flatten().tolist() for layer in layers]))
`;

const hasTorch = (() => {
  try {
    const args = ["-c", "import torch"];
    return new Deno.Command("python3", { args, stderr: "null" }).outputSync().success;
  } catch {
    return false;
  }
})();

/** Half of the rows of two classes are left out, so that batches have few of them, or none. */
const training = (() => {
  const { training } = PROBLEM;
  const labels = training.labels.map((label, row) => row % 8 === 0 ? label : 0);
  return { ...training, labels };
})();

Deno.test({
  name: "an epoch with class weights ends with PyTorch's weights",
  ignore: !hasTorch,
  fn: async () => {
    const settings = tinySettings("dense", {
      ...{ hidden: [8], epochs: 1, batchSize: 20, learningRate: 0.5, activation: "relu" },
      ...{ momentum: 0, weightDecay: 0, dropout: 0, labelSmoothing: 0, classWeights: "balanced" },
    });
    const weights = ({ stage: { network: { layers } } }: TrainingRun) =>
      layers.map((layer) => Array.from(layer.weights));
    using run = openRun({ ...PROBLEM, training }, settings, wasmKernels());
    const { layers } = run.stage.network;
    const given = {
      features: [...training.features],
      columns: training.columns,
      labels: [...training.labels],
      classes: PROBLEM.classes,
      shapes: layers.map(({ rows, columns }) => [columns, rows]),
      weights: weights(run),
      biases: layers.map(({ bias }) => [...bias]),
      rate: settings.learningRate,
      order: [...epochOrder(training.rows, settings.seed, 0)],
      batch: settings.batchSize,
    };
    const [member] = finish(run);
    const child = new Deno.Command("python3", {
      args: ["-c", SCRIPT],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(JSON.stringify(given)));
    await writer.close();
    const { success, stdout, stderr } = await child.output();
    assert.ok(success, new TextDecoder().decode(stderr));
    const expected: number[][] = JSON.parse(new TextDecoder().decode(stdout));
    member.layers.forEach((layer, l) => {
      assert.ok(layer.kind === "dense");
      const moved = Math.max(
        ...expected[l].map((value, i) => Math.abs(value - given.weights[l][i])),
      );
      const off = Math.max(...expected[l].map((value, i) => Math.abs(value - layer.weights[i])));
      assert.ok(moved > 0.1 && off < 1e-5 * moved, `layer ${l}: ${off} of ${moved}`);
    });
  },
});
