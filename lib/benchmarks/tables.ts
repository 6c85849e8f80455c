import type { BlockSpeeds } from "./block_speed.ts";
import type { GrowthPoint } from "./growth.ts";
import type { InferenceSpeed } from "./inference.ts";
import type { LayerSpeed } from "./kernel_speed.ts";
import type { CostGrowth } from "./linear_costs.ts";
import type { Quartiles, WorkFlops } from "./measuring/mod.ts";
import type { MemoryUse } from "./memory.ts";
import type { PeerComparison } from "./peers/mod.ts";
import type { GrowthExponents, ReaderCost, ReaderPoint } from "./readers/mod.ts";
import type { ThreadSpeed } from "./thread_speed.ts";
import type { ChangeSpeed } from "./topology_speed.ts";
import type { StepSpeed } from "./training_step.ts";
import type { WholeRun } from "./whole_run.ts";

/** A table with a title above and notes below. */
export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly notes: readonly string[];
}

export function kernelTable({ neurons, nnz, batch, kernels, limits }: LayerSpeed): Table {
  return {
    title: `Kernels: ${neurons} × ${neurons}, ${nnz} weights, batch ${batch}`,
    head: ["", "back end", "ms", ...RATE_HEAD, "of stream", "of random rows", ...FLOP_HEAD],
    rows: [
      ...kernels.map(({ kernel, backEnd, ms, gflops, ofLimit, flops }) => [
        kernel,
        backEnd,
        digits(ms.median),
        ...quartileCells(gflops),
        ofLimit.stream.median.toFixed(2),
        ofLimit["random rows"].median.toFixed(2),
        ...flopCells(flops),
      ]),
      ...limits.map(({ limit, backEnd, gflops }) => [
        `limit: ${limit}`,
        backEnd,
        "",
        ...quartileCells(gflops),
        "",
        "",
        ...FLOP_HEAD.map(() => ""),
      ]),
    ],
    notes: [
      "GFLOP/s and the limits are of products with weights alone, FLOPs are all of a call.",
      "The dense kernels do not wait for memory as the limits do and can pass them.",
    ],
  };
}

export function blockTable({ neurons, epsilon, batch, speeds }: BlockSpeeds): Table {
  return {
    title: `Blocks: ${neurons} × ${neurons} at ε = ${epsilon}, batch ${batch}, G neighbouring ` +
      "neurons with the same inputs",
    head: ["back end", "", "G", "weights", "ms", ...RATE_HEAD, "times G = 1", "quartiles"],
    rows: speeds.map(({ backEnd, kernel, blockSize, nnz, ms, gflops, overOne }) => [
      backEnd,
      kernel,
      `${blockSize}`,
      `${nnz}`,
      digits(ms.median),
      ...quartileCells(gflops),
      ...(blockSize === 1 ? ["", ""] : quartileCells(overOne)),
    ]),
    notes: ["GFLOP/s are of products with weights alone."],
  };
}

export function growthTable(points: readonly GrowthPoint[]): Table {
  const withBlocks = points.some(({ blocks }) => blocks !== undefined);
  return {
    title: "Growth: square layers at ε = 20; GFLOP/s and share of the limit at that size",
    head: [
      ...["weights", "batch", "back end", "forward", "backward", "gradient + update", "limit"],
      ...(withBlocks ? ["G = 8: forward", "backward", "gradient + update"] : []),
    ],
    rows: points.map(({ nnz, batch, kernels, limits, limit, blocks }) => [
      `${nnz}`,
      `${batch}`,
      kernels[0].backEnd,
      ...kernels.map(({ gflops, ofLimit }) =>
        `${digits(gflops.median)} (${ofLimit[limit].median.toFixed(2)})`
      ),
      `${digits(limits.find((each) => each.limit === limit)!.gflops.median)} ${limit}`,
      ...(withBlocks ? blockCells(blocks) : []),
    ]),
    notes: [
      "The limit: rows in order while the activations fit the last cache, scattered rows beyond.",
      ...(withBlocks ? ["G = 8: and how many times as fast as without, in the same rounds."] : []),
    ],
  };
}

function blockCells(blocks: GrowthPoint["blocks"]): string[] {
  return blocks?.map(({ gflops, overOne }) =>
    `${digits(gflops.median)} (${digits(overOne.median)} ×)`
  ) ?? ["", "", ""];
}

export function costTable(costs: readonly CostGrowth[]): Table {
  return {
    title: "Growth of everything else: ms by stored weights",
    head: ["", ...costs[0].points.map(({ nnz }) => `${nnz}`), "exponent", "of last decade"],
    rows: costs.map(({ cost, points, exponent, lastExponent }) => [
      cost,
      ...points.map(({ ms }) => digits(ms.median)),
      exponent.toFixed(2),
      lastExponent.toFixed(2),
    ]),
    notes: [],
  };
}

export function readerTables(by: "rows" | "columns", costs: readonly ReaderCost[]): Table[] {
  const [{ points }] = costs;
  const beside = by === "rows" ? `${points[0].columns} columns` : `${points[0].rows} rows`;
  const head = ["", ...points.map((point) => `${point[by]}`), "exponent", "of last decade"];
  const table = (
    unit: string,
    cell: (point: ReaderPoint) => string,
    growth: (cost: ReaderCost) => GrowthExponents,
    notes: readonly string[],
  ): Table => ({
    title: `Growth of reading a table of ${beside}: ${unit} by ${by}`,
    head,
    rows: costs.map((cost) => {
      const { exponent, lastExponent } = growth(cost);
      return [cost.file, ...cost.points.map(cell), exponent.toFixed(2), lastExponent.toFixed(2)];
    }),
    notes,
  });
  return [
    table("ms of the processor", ({ seconds }) => digits(1000 * seconds), ({ time }) => time, []),
    table("MB at the peak", ({ bytes }) => (bytes / 1e6).toFixed(1), ({ memory }) => memory, [
      "MB: by how much a process grew that reads the table and does nothing else.",
    ]),
  ];
}

export function stepTable(speeds: readonly StepSpeed[]): Table {
  return {
    title: "Training step: 50-1000-1000-1000-5, batch 128",
    head: ["back end", "network", "weights", ...TIME_HEAD, "times dense speed", ...SPEED_HEAD],
    rows: speeds.map(({ backEnd, epsilon, weights, ms, overDense, flops }) => [
      backEnd,
      networkName(epsilon),
      `${weights}`,
      ...quartileCells(ms),
      epsilon === null ? "" : digits(overDense.median),
      ...speedCells(flops),
    ]),
    notes: [],
  };
}

export function wholeRunTable(runs: readonly WholeRun[]): Table {
  return {
    title: "FD-TSE on the built-in data, and what follows for the paper's run on Gesture Phase",
    head: [
      "back end",
      "epochs",
      "s",
      "in kernels",
      "350 epochs, s",
      "training",
      "topology",
      "evaluation",
    ],
    rows: runs.map(({ backEnd, epochs, seconds, kernelShare, estimate }) => [
      backEnd,
      `${epochs}`,
      digits(seconds),
      share(kernelShare),
      digits(estimate.total),
      share(estimate.train / estimate.total),
      share(estimate.topologyShare),
      share(estimate.evaluate / estimate.total),
    ]),
    notes: runs.map(({ backEnd, counting }) =>
      `Counting takes ${digits(100 * counting.share)} % of a step's time on ${backEnd} ` +
      `(${digits(1000 * counting.ms)} µs)`
    ),
  };
}

export function passTable(runs: readonly WholeRun[]): Table {
  return {
    title: "The same runs' training by pass: FLOPs, and FLOP/s in the kernels of each",
    head: ["back end", "pass", "ms", ...SPEED_HEAD],
    rows: runs.flatMap(({ backEnd, flops }) => [
      ...flops.passes.map((pass) => [
        backEnd,
        pass.pass,
        digits(pass.ms),
        ...speedCells(pass),
      ]),
      [
        backEnd,
        "all of training",
        digits(flops.counted / flops.perSecond * 1000),
        ...speedCells(flops),
      ],
    ]),
    notes: ["All of training includes topology changes, and what is between the kernels."],
  };
}

export function changeTable(speeds: readonly ChangeSpeed[]): Table {
  return {
    title: "Topology: ε = 10, λ = 1.5, beside the seconds of the paper's Table 4",
    head: ["neurons", "weights", "change", ...TIME_HEAD, "paper, s", "times faster", ...FLOP_HEAD],
    rows: speeds.map(({ neurons, nnz, change, ms, paperSeconds, flops }) => [
      `${neurons}²`,
      `${nnz}`,
      change,
      ...quartileCells(ms),
      paperSeconds === null ? "" : `${paperSeconds}`,
      paperSeconds === null ? "" : digits(1000 * paperSeconds / ms.median),
      ...flopCells(flops),
    ]),
    notes: [],
  };
}

export function inferenceTable(speeds: readonly InferenceSpeed[]): Table {
  const withBlocks = speeds.some(({ blockSize }) => blockSize !== undefined);
  return {
    title: "Prediction: 5 members of 50-1000-1000-1000-5 at ε = 20, preprocessing included",
    head: [
      "back end",
      ...(withBlocks ? ["G"] : []),
      "one row, ms",
      "quartiles",
      "one row by predictProba, ms",
      "rows a second",
      ...SPEED_HEAD,
    ],
    rows: speeds.map((speed) => [
      speed.backEnd,
      ...(withBlocks ? [`${speed.blockSize}`] : []),
      ...quartileCells(speed.oneRow),
      digits((speed.oneRowByModel ?? speed.oneRowUnopened).median),
      digits(speed.rowsPerSecond.median),
      ...flopCells(speed.flops.oneRow),
      digits(speed.flops.manyRows.perSecond / 1e9),
    ]),
    notes: [
      ...(withBlocks ? ["G: the size of blocks."] : []),
      "FLOPs of one row; GFLOP/s of rows in batches.",
      speeds.some(({ oneRowByModel }) => oneRowByModel === undefined)
        ? "predictProba puts the members into kernel memory every time."
        : `To open the members, predict one row and close them: ${
          speeds.map(({ backEnd, blockSize, oneRowUnopened }) =>
            `${digits(oneRowUnopened.median)} ms (${backEnd}${
              withBlocks ? `, G = ${blockSize}` : ""
            })`
          ).join(", ")
        }.`,
    ],
  };
}

export function memoryTable({ peak, networks }: MemoryUse): Table {
  return {
    title: "Memory of 50-1000-1000-1000-5 in training, batch 128",
    head: ["network", "weights", "MB"],
    rows: networks.map(({ epsilon, weights, bytes }) => [
      networkName(epsilon),
      `${weights}`,
      digits(bytes / 1e6),
    ]),
    notes: [`The most this process has had so far: ${digits(peak / 1e6)} MB`],
  };
}

export function threadTable(speeds: readonly ThreadSpeed[], cores: number): Table {
  return {
    title: "Threads: a training step of 50-3000-3000-3000-5 at ε = 30",
    head: ["back end", "threads", ...TIME_HEAD, "times one thread's speed", ...SPEED_HEAD],
    rows: speeds.map(({ backEnd, threads, ms, speedUp, flops }) => [
      backEnd,
      `${threads}`,
      ...quartileCells(ms),
      threads === 1 ? "" : speedUp.median.toFixed(2),
      ...speedCells(flops),
    ]),
    notes: [`Cores: ${cores}; what else runs on them takes its share.`],
  };
}

export function peerTable({ speeds, missing }: PeerComparison): Table {
  const backEnds = [...new Set(speeds.flatMap(({ ours }) => Object.keys(ours)))];
  return {
    title: "Other libraries, one thread each: a layer 1000 × 1000 (ε = 20 or dense), batch 128; " +
      "a step of 50-1000-1000-1000-5",
    head: [
      "",
      "library",
      ...TIME_HEAD,
      ...backEnds.map((name) => `${name} is × as fast`),
      ...SPEED_HEAD,
    ],
    rows: byWork(speeds).map(({ work, library, ms, ours, flops }) => [
      work,
      library,
      ...quartileCells(ms),
      ...backEnds.map((name) => ours[name] === undefined ? "" : digits(ours[name].median)),
      ...speedCells(flops),
    ]),
    notes: [
      ...checkNotes(speeds),
      ...missing.map(({ name, reason, install }) =>
        `Left out: ${name} (${reason})${install === undefined ? "" : `. To install it: ${install}`}`
      ),
    ],
  };
}

/** The speed of our sparse work as a multiple of other libraries' speed with dense layers. */
export function sparseOverDenseTable({ speeds }: PeerComparison): Table {
  const dense = byWork(speeds).filter(({ oursSparse }) => oursSparse !== undefined);
  const backEnds = [...new Set(dense.flatMap(({ oursSparse }) => Object.keys(oursSparse!)))];
  return {
    title: "Our sparse layers and networks against dense ones of other libraries",
    head: [
      "",
      "library",
      ...TIME_HEAD,
      ...backEnds.flatMap((name) => [`sparse on ${name} is × as fast`, "quartiles"]),
    ],
    rows: dense.map(({ work, library, ms, oursSparse }) => [
      work,
      library,
      ...quartileCells(ms),
      ...backEnds.flatMap((name) => quartileCells(oursSparse![name])),
    ]),
    notes: [],
  };
}

/** Sorts by work in alphabetical order. Libraries keep their order. */
function byWork<Speed extends { readonly work: string }>(speeds: readonly Speed[]): Speed[] {
  return [...speeds].sort((a, b) => a.work.localeCompare(b.work));
}

function checkNotes(speeds: PeerComparison["speeds"]): string[] {
  const checked = speeds.flatMap(({ difference }) => difference === undefined ? [] : [difference]);
  const unchecked = speeds.filter((speed) => speed.unchecked !== undefined);
  return [
    ...(checked.length === 0 ? [] : [
      `Checked: the results of ${checked.length} rows are ours, with the same weights and inputs; ` +
      `the largest difference is ${Math.max(...checked).toExponential(1)} of the largest number.`,
    ]),
    ...unchecked.map(({ library, work, unchecked }) =>
      `Not checked: ${library}: ${work} (${unchecked})`
    ),
  ];
}

/** The columns of {@linkcode quartileCells}, for times and for rates. */
const TIME_HEAD: readonly string[] = ["ms", "quartiles"];
const RATE_HEAD: readonly string[] = ["GFLOP/s", "quartiles"];

function quartileCells({ lower, median, upper }: Quartiles): string[] {
  return [digits(median), `${digits(lower)} – ${digits(upper)}`];
}

/** The columns of {@linkcode flopCells}. */
const FLOP_HEAD: readonly string[] = ["FLOPs, counted", "FLOPs, hardware"];

/** The count by formula, and the hardware's count or "none". */
function flopCells({ counted, hardware }: Pick<WorkFlops, "counted" | "hardware">): string[] {
  return [counted.toExponential(3), hardware === null ? "none" : hardware.toExponential(3)];
}

/** The columns of {@linkcode speedCells}. */
const SPEED_HEAD: readonly string[] = [...FLOP_HEAD, "GFLOP/s"];

function speedCells(flops: Pick<WorkFlops, "counted" | "hardware" | "perSecond">): string[] {
  return [...flopCells(flops), digits(flops.perSecond / 1e9)];
}

function networkName(epsilon: number | null): string {
  return epsilon === null ? "dense" : `ε = ${epsilon}`;
}

function share(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}

/** Three significant digits without an exponent. */
export function digits(value: number): string {
  const whole = Math.floor(Math.log10(Math.abs(value))) + 1;
  return Number.isFinite(whole) ? value.toFixed(Math.max(0, Math.min(6, 3 - whole))) : `${value}`;
}
