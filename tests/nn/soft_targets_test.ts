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

/** PyTorch's cross-entropy for probabilities: the weighted sum of losses, and its gradient. */
async function pytorch(weights: number[] | null) {
  const { logits, soft } = example();
  const code = `
import json, sys, torch
logits, soft, weights = json.load(sys.stdin)
z = torch.tensor(logits, dtype=torch.float64, requires_grad=True)
each = torch.nn.functional.cross_entropy(z, torch.tensor(soft, dtype=torch.float64), reduction="none")
loss = (each * torch.tensor(weights, dtype=torch.float64)).sum()
loss.backward()
print(json.dumps([loss.item(), z.grad.tolist()]))`;
  const python = new Deno.Command("python3", {
    args: ["-c", code],
    stdin: "piped",
    stdout: "piped",
  })
    .spawn();
  const writer = python.stdin.getWriter();
  const input = [rowsOf(logits), rowsOf(soft), weights ?? new Array(ROWS).fill(1)];
  await writer.write(new TextEncoder().encode(JSON.stringify(input)));
  await writer.close();
  const { stdout, success } = await python.output();
  assert.ok(success);
  return JSON.parse(new TextDecoder().decode(stdout)) as [number, number[][]];
}

for (const weighted of [false, true]) {
  Deno.test(`the loss for ${weighted ? "weighted " : ""}probabilities, and its gradient, are PyTorch's`, async () => {
    const weights = weighted ? Array.from({ length: ROWS }, (_, b) => 0.5 + b % 3) : null;
    const [loss, gradient] = await pytorch(weights);
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
        lossGradient(network, workspace, ROWS, z, 0.3, weighted, dz, targets);
        assert.ok(Math.abs(workspace.result[0] - loss) < tolerance * loss * 10);
        rowsOf(dz).forEach((row, b) =>
          row.forEach((slope, c) => assert.ok(Math.abs(slope - gradient[b][c]) < tolerance))
        );
        for (let b = ROWS; b < STRIDE; b++) assert.equal(dz[at(0, b)], 0);
      });
    }
  });
}
