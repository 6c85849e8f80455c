import assert from "node:assert/strict";
import type { GrowthPoint } from "../../lib/benchmarks/growth.ts";
import { growthFigure } from "../../lib/benchmarks/growth_figure.ts";
import type { KernelSpeed } from "../../lib/benchmarks/kernel_speed.ts";
import { workFlops } from "../../lib/benchmarks/measuring/work_flops.ts";
import { renderSvg } from "../../lib/plots/render.ts";

const CACHES = [
  { name: "L1d", bytes: 2 ** 15 },
  { name: "L2", bytes: 2 ** 20 },
  { name: "L3", bytes: 2 ** 25 },
];
const spread = (median: number) => ({
  least: median * 0.8,
  lower: median * 0.9,
  median,
  upper: median * 1.1,
});

const UNCOUNTED = workFlops({}, {
  median: 1,
  hardware: { hardware: null, event: null, reason: "not counted here" },
});

function point(backEnd: string, nnz: number): GrowthPoint {
  const neurons = nnz / 40;
  const kernel = (name: KernelSpeed["kernel"], speed: number) => ({
    backEnd,
    kernel: name,
    ms: spread(1),
    gflops: spread(speed),
    flops: UNCOUNTED,
    ofLimit: { stream: spread(0.8), "random rows": spread(0.9) },
  });
  return {
    neurons,
    nnz,
    batch: 128,
    activationBytes: neurons * 128 * 4,
    limit: "stream",
    kernels: [
      kernel("sparse forward", 40),
      kernel("sparse backward", 30),
      kernel("sparse gradient + update", 20),
    ],
    limits: [
      { backEnd, limit: "stream", gflops: spread(50) },
      { backEnd, limit: "random rows", gflops: spread(45) },
    ],
  };
}

const points = ["native", "wasm"].flatMap((name) => [1e4, 1e5, 1e6].map((nnz) => point(name, nnz)));

Deno.test("growthFigure draws a panel per back end with every kernel and the limit", async () => {
  const svg = await renderSvg(growthFigure(points, CACHES));
  const texts = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) => match[1]);
  const count = (text: string) => texts.filter((each) => each === text).length;
  for (const name of ["native", "wasm", "forward", "backward", "gradient + update", "limit"]) {
    assert.equal(count(name), 1, name);
  }
  const lines = [...svg.matchAll(/<g class="mark-line[^>]*>(.*?)<\/g>/gs)].map((match) => match[1]);
  assert.equal(lines.length, 2 * 4);
  for (const line of lines) {
    assert.equal(/ d="([^"]*)"/.exec(line)![1].match(/[ML]/g)!.length, 3);
  }
});

Deno.test("growthFigure marks the caches that end within the curve", async () => {
  // A neuron's activations take 512 bytes and its weights are 40: L2 ends at 81,920 weights,
  // L1d below the smallest size, L3 above the largest.
  const svg = await renderSvg(growthFigure(points, CACHES));
  assert.equal(svg.match(/>L2</g)!.length, 2);
  assert.doesNotMatch(svg, />L1d<|>L3</);
  const { hconcat } = growthFigure(points, CACHES) as {
    hconcat: { layer: { data: { values: { name: string; nnz: number }[] } }[] }[];
  };
  assert.deepEqual(hconcat[0].layer[0].data.values, [{ name: "L2", nnz: 81920 }]);
});

Deno.test("growthFigure draws where caches are unknown and there is one back end", async () => {
  const svg = await renderSvg(growthFigure(points.slice(0, 3), null));
  assert.doesNotMatch(svg, />L2<|>wasm</);
  assert.match(svg, />native</);
});
