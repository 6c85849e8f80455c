import assert from "node:assert/strict";
import { activationIndex, strideOf } from "../../lib/kernels/mod.ts";
import { chooseKernels } from "../../lib/kernels/choose.ts";
import { referenceKernels } from "../../lib/kernels/reference.ts";
import { lossGradient } from "../../lib/nn/loss.ts";
import { PLAIN_SGD, randomLayers, withNetwork } from "./example_networks.ts";

const ROWS = 35;
const CLASSES = 3;
const STRIDE = strideOf(ROWS);

const at = (c: number, b: number) => activationIndex(CLASSES, STRIDE, c, b);

/** Logits and the probabilities to learn, laid out as a network's outputs; some of them are 0. */
function example(): { logits: Float64Array; soft: Float64Array } {
  const logits = new Float64Array(CLASSES * STRIDE);
  const soft = new Float64Array(CLASSES * STRIDE);
  for (let b = 0; b < ROWS; b++) {
    const parts = [b % 4, (b * 7) % 5, 1];
    const sum = parts[0] + parts[1] + parts[2];
    for (let c = 0; c < CLASSES; c++) {
      logits[at(c, b)] = 6 * Math.sin(5 * b + 2 * c);
      soft[at(c, b)] = parts[c] / sum;
    }
  }
  return { logits, soft };
}

const rowsOf = (values: ArrayLike<number>) =>
  Array.from(
    { length: ROWS },
    (_, b) => Array.from({ length: CLASSES }, (_, c) => values[at(c, b)]),
  );

/** All rows alike, and rows with weights. */
const WEIGHTS = [null, Array.from({ length: ROWS }, (_, b) => 0.5 + b % 3)];

/** PyTorch's cross-entropy for probabilities: for each of the weights, the sum of losses and its gradient. */
async function pytorch(): Promise<[number, number[][]][]> {
  const { logits, soft } = example();
  const code = `
import json, sys, torch
logits, soft, all_weights = json.load(sys.stdin)
answers = []
for weights in all_weights:
    z = torch.tensor(logits, dtype=torch.float64, requires_grad=True)
    each = torch.nn.functional.cross_entropy(
        z, torch.tensor(soft, dtype=torch.float64), reduction="none")
    loss = (each * torch.tensor(weights, dtype=torch.float64)).sum()
    loss.backward()
    answers.append([loss.item(), z.grad.tolist()])
print(json.dumps(answers))`;
  const python = new Deno.Command("python3", {
    args: ["-c", code],
    stdin: "piped",
    stdout: "piped",
  })
    .spawn();
  const writer = python.stdin.getWriter();
  const input = [
    rowsOf(logits),
    rowsOf(soft),
    WEIGHTS.map((weights) => weights ?? new Array(ROWS).fill(1)),
  ];
  await writer.write(new TextEncoder().encode(JSON.stringify(input)));
  await writer.close();
  const { stdout, success } = await python.output();
  assert.ok(success);
  return JSON.parse(new TextDecoder().decode(stdout));
}

Deno.test("the loss for probabilities, and its gradient, are PyTorch's, with weights and without", async () => {
  const answers = await pytorch();
  WEIGHTS.forEach((weights, w) => {
    const [loss, gradient] = answers[w];
    const { logits, soft } = example();
    const backEnds = [
      { kernels: referenceKernels({ precision: 64 }), tolerance: 1e-12 },
      { kernels: chooseKernels("wasm").kernels, tolerance: 2e-6 },
    ];
    const layers = randomLayers([4, 5, CLASSES], ["sparse", "sparse"], 3);
    for (const { kernels, tolerance } of backEnds) {
      withNetwork(kernels, layers, { kind: "relu" }, PLAIN_SGD, ROWS, (network, workspace) => {
        const z = network.arena.floats(CLASSES * STRIDE);
        const dz = network.arena.floats(CLASSES * STRIDE).fill(NaN);
        z.set(logits);
        workspace.labels.set(Array.from({ length: ROWS }, (_, b) => b % CLASSES));
        if (weights !== null) workspace.weights.set(weights);
        workspace.result.fill(0);
        const targets = kernels.name === "reference" ? soft : Float32Array.from(soft);
        lossGradient(network, workspace, ROWS, z, 0.3, weights !== null, dz, targets);
        assert.ok(Math.abs(workspace.result[0] - loss) < tolerance * loss * 10);
        rowsOf(dz).forEach((row, b) =>
          row.forEach((slope, c) => assert.ok(Math.abs(slope - gradient[b][c]) < tolerance))
        );
        for (let b = ROWS; b < STRIDE; b++) assert.equal(dz[at(0, b)], 0);
      });
    }
  });
});
