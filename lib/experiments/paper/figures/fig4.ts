import { load } from "../../../model/mod.ts";
import { type LayerConnections, nnstd } from "../../../prediction/mod.ts";
import type { MethodName } from "../../../methods/mod.ts";
import type { StoredLayer } from "../../../nn/mod.ts";
import { heatmapFigure } from "../../../plots/mod.ts";
import { mean } from "../../../statistics/mod.ts";
import { type RunConfig, runFiles } from "../../run/mod.ts";
import type { Finding, MarkdownReport } from "../../../reports/mod.ts";
import { deviationOrNull, meanOrNull, meanText, NOT_RUN, tableOf } from "../../../reports/mod.ts";
import { randomStream } from "../../../random.ts";
import type { Evidence, Experiment, MeasureContext, Selection } from "../experiment.ts";
import { breathe, measureMissing } from "../measure.ts";
import { compare, findingParts, orderFindings } from "../paired_order.ts";
import {
  datasetTitle,
  ENSEMBLES,
  METHOD_NAMES,
  paperRun,
  selectedMethods,
  slopeFor,
} from "../paper_configs.ts";
import { reinitialize, type Reinitializer, reinitializing } from "../reinitialization.ts";

/** The distances of one re-initialised network from all trained ones. */
interface DistanceRow {
  /** NNSTD of the second layer: the matching of the first layer permutes its inputs. */
  readonly carried: number[];
  /** NNSTD of the second layer alone: its inputs keep their places. */
  readonly alone: number[];
}

/** The two ways to compare second layers, with their names. */
const WAYS = {
  carried: "NNSTD, the first layer's matching carried through",
  alone: "the second layer alone, its inputs in their places",
} as const;

/** One of the two ways. */
type Way = keyof typeof WAYS;

/** Fig. 4: topological distances between trained networks and re-initialised ones. */
export const fig4: Experiment = {
  name: "fig4",
  defaults: {
    datasets: ["gesture-phase"],
    seeds: Array.from({ length: 10 }, (_, i) => i + 1),
    epsilons: [20],
    methods: ENSEMBLES,
  },
  options: ["datasets", "seeds", "epsilons", "methods"],
  one: ["epsilons"],
  together: false,
  configs: (selection) => ofEveryNetwork(selection, configOf),
  measurements: (selection) => ofEveryNetwork(selection, rowName),
  measure: measureFig4,
  report: (evidence) => reportFig4(evidence),
};

const methodsOf = (selection: Selection) =>
  selectedMethods(selection, ENSEMBLES) as Reinitializer[];

function ofEveryNetwork<Value>(
  selection: Selection,
  of: (selection: Selection, method: MethodName, seed: number) => Value,
): Value[] {
  return methodsOf(selection).flatMap((method) =>
    selection.seeds.map((seed) => of(selection, method, seed))
  );
}

/**
 * One exploration and one refinement phase. Before a first re-initialisation RD-, FD- and Dist-TSE are
 * the same method, so they share their networks; EDST_RG refines without the Comprehensive Refinement
 * Phase. The network is the last one: the one that is re-initialised.
 */
function configOf(
  { datasets: [dataset], epsilons: [epsilon], quick }: Selection,
  method: MethodName,
  seed: number,
): RunConfig {
  return paperRun(dataset, {
    method: method === "edst" ? "edst" : "fd",
    epsilon,
    seed,
    members: 1,
    epochs: 150,
    explore: 100,
    memberSelection: "last",
    ...slopeFor(dataset),
  }, quick);
}

function rowName(selection: Selection, method: MethodName, seed: number): string {
  const { datasets: [dataset], epsilons: [epsilon], seeds, quick } = selection;
  return `nnstd ${dataset} ${method} epsilon ${epsilon} of ${seed} to ${seeds.join(",")}${
    quick ? " quick" : ""
  }`;
}

async function measureFig4(context: MeasureContext): Promise<void> {
  const { selection, selection: { seeds }, log, runFolder, signal } = context;
  for (const method of methodsOf(selection)) {
    if (signal?.aborted) return;
    const folders = seeds.map((seed) => runFolder(configOf(selection, method, seed)));
    if (!folders.every((folder) => folder !== null)) continue;
    if (seeds.every((seed) => log.has(rowName(selection, method, seed)))) continue;
    const trained = folders.map((folder) => load(runFiles(folder).model).members[0].layers);
    await measureMissing(
      context,
      seeds.map((seed, i) => ({
        name: rowName(selection, method, seed),
        what: `${METHOD_NAMES[method]}, network ${i + 1} of ${seeds.length}`,
        measure: () => distancesFrom(reinitialized(trained[i], method, seed), trained, signal),
      })),
    );
  }
}

async function distancesFrom(
  fresh: readonly LayerConnections[],
  trained: readonly (readonly StoredLayer[])[],
  signal: AbortSignal | undefined,
): Promise<DistanceRow | undefined> {
  const row: DistanceRow = { carried: [], alone: [] };
  for (const layers of trained) {
    await breathe();
    if (signal?.aborted) return undefined;
    const [, second] = await nnstd(layers.slice(0, 2), fresh);
    const [alone] = await nnstd([layers[1]], [fresh[1]]);
    row.carried.push(second.distance);
    row.alone.push(alone.distance);
  }
  return row;
}

/** The first two layers of a network, re-initialised with itself as the only earlier member. */
function reinitialized(
  layers: readonly StoredLayer[],
  method: Reinitializer,
  seed: number,
): LayerConnections[] {
  return layers.slice(0, 2).map((stored, layer) => {
    if (stored.kind === "dense") return stored;
    const { shape, indptr, indices, data } = stored;
    return reinitialize(
      { shape, indptr, indices, weights: data, state: [] },
      reinitializing(method),
      randomStream(seed, "fig4", method, layer),
      { layer, layers: layers.length },
    ).layer;
  });
}

const NONE: ReadonlyMap<string, number> = new Map();

/**
 * A method's table, if it is complete: rows are re-initialised networks, columns trained ones. Per seed,
 * also the distance of a network from its own re-initialisation, and its mean distance from the others'.
 */
function distancesOf({ selection, measured }: Evidence, method: Reinitializer, way: Way) {
  const { seeds } = selection;
  const rows = seeds.map((seed) =>
    (measured[rowName(selection, method, seed)] as DistanceRow | undefined)?.[way]
  );
  if (!rows.every((row) => row !== undefined)) {
    return { method, way, table: null, own: NONE, others: NONE };
  }
  const bySeed = (value: (row: readonly number[], i: number) => number) =>
    new Map(rows.map((row, i) => [`${seeds[i]}`, value(row, i)]));
  return {
    method,
    way,
    table: rows,
    own: bySeed((row, i) => row[i]),
    others: seeds.length < 2 ? NONE : bySeed((row, i) => mean(row.filter((_, j) => j !== i))),
  };
}

function reportFig4(evidence: Evidence): MarkdownReport {
  const { selection } = evidence;
  const ways = Object.keys(WAYS) as Way[];
  const all = ways.flatMap((way) =>
    methodsOf(selection).map((method) => distancesOf(evidence, method, way))
  );
  const panelsOf = (way: Way) =>
    all.filter((one) => one.way === way).flatMap(({ method, table }) =>
      table === null ? [] : [{ title: METHOD_NAMES[method], distances: table }]
    );
  const findings = ways.flatMap((way) => findingsOf(all.filter((one) => one.way === way)));
  const { datasets: [dataset], epsilons: [epsilon], seeds } = selection;
  const values = (map: ReadonlyMap<string, number>) => [...map.values()];
  return {
    title: `Fig. 4: topological distances on ${datasetTitle(dataset)}`,
    parts: [
      {
        kind: "text",
        text:
          `${seeds.length} networks, each trained alone for one exploration and one refinement phase (ε = ${epsilon}, seeds ${
            seeds.join(", ")
          }), and each re-initialised with itself as the only earlier member. Distances are of the second layer: 0 is the same topology, 1 none in common. NNSTD permutes a second layer's inputs by the matching of the first layers. These are regrown to 80 % too, so that their matching is nearly random and hides what the second layers share; the second layer alone, with its inputs in their places, shows it. RD-, FD- and Dist-TSE start from the same networks; at a re-initialisation RD and FD do the same, and differ by chance only.`,
      },
      ...ways.flatMap((way) => {
        const panels = panelsOf(way);
        return panels.length === 0 ? [] : [{
          kind: "figure" as const,
          name: way === "carried" ? "fig4" : "fig4-second-layer-alone",
          caption: `Distances between trained networks (columns) and re-initialised ones (rows): ${
            WAYS[way]
          }`,
          spec: heatmapFigure(panels, { title: `Topological distance: ${WAYS[way]}` }),
        }];
      }),
      {
        kind: "table",
        name: "fig4",
        title: "Mean distance of the second layer",
        ...tableOf(all, [
          ["Model", ({ method }) => METHOD_NAMES[method]],
          ["Distance", ({ way }) => WAYS[way]],
          [
            "Network and its own re-initialisation: mean ± sd (n)",
            ({ own }) => meanText(values(own), 4),
          ],
          ["Network and the others'", ({ others }) => meanText(values(others), 4)],
          ["All pairs", ({ table }) => table === null ? NOT_RUN : mean(table.flat()).toFixed(4)],
        ]),
        data: all.map(({ method, way, table, own, others }) => ({
          method,
          way,
          networks: own.size,
          own: meanOrNull(values(own)),
          ownDeviation: deviationOrNull(values(own)),
          others: meanOrNull(values(others)),
          othersDeviation: deviationOrNull(values(others)),
          all: table === null ? null : mean(table.flat()),
        })),
      },
      ...findingParts(findings),
    ],
  };
}

const SCALE = { unit: "NNSTD", digits: 4 };

/** The paper's ordering: RD and FD farther than EDST_RG, Dist nearer. */
function findingsOf(all: readonly ReturnType<typeof distancesOf>[]): Finding[] {
  const edst = all.find(({ method }) => method === "edst");
  if (edst === undefined) return [];
  return ([["own", "the network itself"], ["others", "the other networks"]] as const)
    .flatMap(([key, from]) =>
      orderFindings(
        all.filter(({ method }) => method !== "edst").map((one) => {
          const nearer = one.method === "dist";
          const [first, second] = nearer ? [edst, one] : [one, edst];
          return {
            claim: `${METHOD_NAMES[one.method]} re-initialises ${nearer ? "nearer" : "farther"} ` +
              `than EDST_RG (${WAYS[one.way]}): from ${from}`,
            comparison: compare(first[key], second[key]),
          };
        }),
        SCALE,
      )
    );
}
