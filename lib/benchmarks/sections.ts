/**
 * The sections of `deno task bench`: measurements and their sizes.
 *
 * @module
 */
import type { HardwareCounter } from "../counters/mod.ts";
import type { Dataset } from "../data/table/mod.ts";
import { blockSpeeds } from "./block_speed.ts";
import { growth, type GrowthPoint } from "./growth.ts";
import { inferenceSpeeds } from "./inference.ts";
import { type LayerSpeed, layerSpeed } from "./kernel_speed.ts";
import { costGrowth } from "./linear_costs.ts";
import {
  type BackEnds,
  type Machine,
  type MeasureOptions,
  openEveryBuild,
  openSquareDenseLayer,
  openSquareLayer,
  squarePattern,
} from "./measuring/mod.ts";
import { memoryUse } from "./memory.ts";
import { comparePeers } from "./peers/mod.ts";
import { readerCosts, type TableShape } from "./readers/mod.ts";
import {
  blockTable,
  changeTable,
  costTable,
  growthTable,
  inferenceTable,
  kernelTable,
  memoryTable,
  passTable,
  peerTable,
  readerTables,
  sparseOverDenseTable,
  stepTable,
  type Table,
  threadTable,
  wholeRunTable,
} from "./tables.ts";
import { threadSpeeds } from "./thread_speed.ts";
import { changeSpeeds } from "./topology_speed.ts";
import { PAPER_BATCH, stepSpeeds } from "./training_step.ts";
import { wholeRuns } from "./whole_run.ts";

/** The names of the sections, in the order they run. */
export const SECTIONS = [
  "kernels",
  "blocks",
  "training",
  "topology",
  "inference",
  "memory",
  "growth",
  "threads",
] as const;

/**
 * The name of a section. Two sections run only if they are named: `peers`, the comparison with other
 * libraries, and `readers`, the growth of reading tables.
 */
export type SectionName = typeof SECTIONS[number] | "peers" | "readers";

/**
 * Reads the names of sections, separated by commas.
 *
 * @returns Each name once, in the order in which the sections run.
 * @throws {RangeError} If a section does not exist.
 */
export function parseSections(text: string): SectionName[] {
  const names = text.split(",").map((name) => name.trim());
  const all = [...SECTIONS, "readers" as const];
  const unknown = names.find((name) => !all.some((section) => section === name));
  if (unknown !== undefined) {
    throw new RangeError(`Cannot measure "${unknown}": need some of ${all.join(", ")}`);
  }
  return all.filter((section) => names.includes(section));
}

/** The arguments of all sections. */
export interface Bench {
  readonly backEnds: BackEnds;
  readonly machine: Machine;
  /** The built-in data. */
  readonly dataset: Dataset;
  /** If `true`, smaller sizes and fewer rounds: a minute instead of a quarter of an hour. */
  readonly quick: boolean;
  readonly counter: HardwareCounter;
  /** A path to save models to. */
  readonly scratchFile: string;
  /** A folder for tables. */
  readonly tablesFolder: string;
  /** Called with the name of every measurement before it begins. */
  readonly onProgress: (what: string) => void;
}

/** The results of a section. */
export interface SectionResult {
  /** The numbers for `--json`. */
  readonly data: unknown;
  readonly tables: readonly Table[];
  /** The points of the growth figure. Only the section "growth" has them. */
  readonly growth?: readonly GrowthPoint[];
}

/** Runs one section. */
export async function runSection(name: SectionName, bench: Bench): Promise<SectionResult> {
  const { backEnds, machine, dataset, quick, counter, scratchFile, onProgress } = bench;
  const fastest = backEnds.present[backEnds.present.length - 1].kernels;
  const budget = { budget: quick ? 1500 : 6000, minRounds: quick ? 5 : 11, counter };
  switch (name) {
    case "kernels": {
      const layers = [1000, 10_000].map((neurons) => {
        onProgress(`${neurons} × ${neurons}`);
        return kernelsAt(neurons, !quick || neurons === 1000, backEnds, budget);
      });
      return { data: layers, tables: layers.map(kernelTable) };
    }
    case "blocks": {
      const builds = openEveryBuild(backEnds);
      const layers = [1008, 10_000].map((neurons) => {
        onProgress(`${neurons} × ${neurons}`);
        return blockSpeeds(neurons, 20, PAPER_BATCH, builds, budget);
      });
      return { data: layers, tables: layers.map(blockTable) };
    }
    case "training": {
      onProgress("steps");
      const steps = stepSpeeds(backEnds, budget);
      onProgress("a run");
      const runs = wholeRuns(dataset, quick ? 16 : 60, backEnds, counter);
      const tables = [stepTable(steps), wholeRunTable(runs), passTable(runs)];
      return { data: { steps, runs }, tables };
    }
    case "topology": {
      const sizes = quick ? [1000, 5000] : [1000, 5000, 10_000, 15_000];
      const changes = changeSpeeds(sizes, fastest, budget, (n) => onProgress(`${n} × ${n}`));
      return { data: changes, tables: [changeTable(changes)] };
    }
    case "inference": {
      onProgress("5 members");
      const inference = inferenceSpeeds(backEnds, budget);
      return { data: inference, tables: [inferenceTable(inference)] };
    }
    case "memory": {
      const memory = memoryUse(fastest);
      return { data: memory, tables: [memoryTable(memory)] };
    }
    case "growth": {
      const sizes = [1e4, 3e4, 1e5, 3e5, 1e6, ...(quick ? [] : [3e6, 1e7, 3e7, 1e8])];
      const decades = sizes.filter((size) => Number.isInteger(Math.log10(size)));
      const rounds = { budget: quick ? 300 : 1500, minRounds: quick ? 5 : 3, counter };
      const tell = (what: string) => (nnz: number) => onProgress(`${what}, ${nnz} weights`);
      const points = growth(sizes, backEnds, machine.caches, rounds, tell("kernels"));
      const costs = costGrowth(decades, fastest, scratchFile, rounds, tell("everything else"));
      const tables = [growthTable(points), costTable(costs)];
      return { data: { points, costs }, tables, growth: points };
    }
    case "threads": {
      const most = Math.max(2, machine.cores);
      const counts = most > 2 ? [2, most] : [2];
      onProgress(`1 to ${most}`);
      const threads = await threadSpeeds(counts, backEnds, budget);
      return { data: threads, tables: [threadTable(threads, machine.cores)] };
    }
    case "readers": {
      const most = quick ? 20_000 : 200_000;
      const wide = [1e3, 3e3, 1e4, 2e4, 5e4, 1e5, 2e5].filter((columns) => columns <= most);
      const long = [1e3, 1e4, 1e5, ...(quick ? [] : [1e6, 1e7])];
      const onShape = ({ rows, columns }: TableShape) => onProgress(`${rows} × ${columns}`);
      // The task's permission allows Deno under this name.
      const options = { folder: bench.tablesFolder, deno: "deno", onShape };
      const byColumns = wide.map((columns) => ({ rows: 8, columns }));
      const columns = await readerCosts(byColumns, options);
      const byRows = long.map((rows) => ({ rows, columns: 4 }));
      const rows = await readerCosts(byRows, options);
      const tables = [...readerTables("columns", columns), ...readerTables("rows", rows)];
      return { data: { columns, rows }, tables };
    }
    case "peers": {
      onProgress("what is installed");
      const peers = await comparePeers(backEnds, quick ? 7 : 25, counter);
      return { data: peers, tables: [peerTable(peers), sparseOverDenseTable(peers)] };
    }
  }
}

function kernelsAt(
  neurons: number,
  withDense: boolean,
  { present }: BackEnds,
  options: MeasureOptions,
): LayerSpeed {
  // The first back end's memory is WebAssembly's, which every back end reaches.
  using arena = present[0].kernels.openArena();
  const square = openSquareLayer(squarePattern(neurons, 20), PAPER_BATCH, arena);
  const dense = withDense ? openSquareDenseLayer(neurons, PAPER_BATCH, arena) : null;
  return layerSpeed(square, dense, present, options);
}
