import { load } from "../../../model/mod.ts";
import { distanceFigure } from "../../../plots/mod.ts";
import {
  mean,
  median,
  normalUpperTail,
  shapiroWilk,
  standardDeviation,
} from "../../../statistics/mod.ts";
import type { RewirableLayer } from "../../../topology/mod.ts";
import { type RunConfig, runFiles } from "../../run/mod.ts";
import {
  type Finding,
  type MarkdownReport,
  NOT_RUN,
  pText,
  tableOf,
  textOr,
} from "../../../reports/mod.ts";
import type { Evidence, Experiment, MeasureContext, Selection } from "../experiment.ts";
import { measureMissing } from "../measure.ts";
import { decided, findingParts, untested } from "../paired_order.ts";
import { datasetTitle, ensembleRun } from "../paper_configs.ts";
import { candidateDistances, reinitializing, timeReinitializations } from "../reinitialization.ts";

/** The values of λ that the paper compares. */
const LAMBDAS = [1, 1.5, 2] as const;

/** The number of candidates of Fig. 2a, and of further candidates that estimate how rare a distant one is. */
const CANDIDATES = 100;
const MANY_CANDIDATES = 5000;

/** Distances of Fig. 2a. */
type Candidates = ReturnType<typeof measureCandidates>;

/** Searches of Fig. 2b. */
type Searches = ReturnType<typeof timeReinitializations>;

/** Fig. 2: the distances of candidate weight matrices, and the cost of λ. */
export const fig2: Experiment = {
  name: "fig2",
  defaults: { datasets: ["gesture-phase"], seeds: [1], epsilons: [20], methods: ["dist"] },
  options: ["datasets", "seeds", "epsilons"],
  one: ["seeds", "epsilons"],
  together: false,
  configs: (selection) => [configOf(selection)],
  measurements: (selection) => measurements(selection),
  measure: measureFig2,
  report: (evidence) => reportFig2(evidence),
};

function configOf(
  { datasets: [dataset], epsilons: [epsilon], seeds: [seed], quick }: Selection,
): RunConfig {
  return ensembleRun(dataset, "dist", epsilon, seed, quick);
}

/** The number of searches for every λ. */
const repetitionsOf = ({ quick }: Selection) => quick ? 3 : 10;

const describe = ({ datasets: [dataset], epsilons: [epsilon], seeds: [seed], quick }: Selection) =>
  `${dataset} epsilon ${epsilon} seed ${seed}${quick ? " quick" : ""}`;
const candidatesName = (selection: Selection) => `candidates ${describe(selection)}`;
const searchesName = (selection: Selection, lambda: number) =>
  `searches lambda ${lambda} ${describe(selection)}`;

const measurements = (selection: Selection) => [
  candidatesName(selection),
  ...LAMBDAS.map((lambda) => searchesName(selection, lambda)),
];

async function measureFig2(context: MeasureContext): Promise<void> {
  const { selection, log, runFolder } = context;
  const folder = runFolder(configOf(selection));
  if (folder === null || measurements(selection).every((name) => log.has(name))) return;
  const { seeds: [seed] } = selection;
  const layer = secondLayer(folder);
  const times = repetitionsOf(selection);
  await measureMissing(context, [
    {
      name: candidatesName(selection),
      what: `${CANDIDATES + MANY_CANDIDATES} candidates`,
      measure: () => measureCandidates(layer, seed),
    },
    ...LAMBDAS.map((lambda) => ({
      name: searchesName(selection, lambda),
      what: `searches with λ = ${lambda}`,
      measure: () =>
        timeReinitializations(layer, () => reinitializing("dist", lambda), times, seed),
    })),
  ]);
}

function measureCandidates(layer: RewirableLayer, seed: number) {
  const distances = Array.from(candidateDistances(layer, CANDIDATES, seed));
  const many = candidateDistances(layer, MANY_CANDIDATES, seed + 1);
  const [centre, deviation] = [mean(distances), populationDeviation(distances)];
  const shareBeyond = (limit: number) =>
    many.filter((distance) => distance > limit).length / MANY_CANDIDATES;
  return {
    shape: [layer.shape[0], layer.shape[1]],
    weights: layer.weights.length,
    distances,
    // The share of the further candidates beyond the mean + λ deviations of the first ones.
    beyond: LAMBDAS.map((lambda) => ({ lambda, share: shareBeyond(centre + lambda * deviation) })),
  };
}

/** The first hidden-to-hidden layer of a trained ensemble's first member. */
function secondLayer(folder: string): RewirableLayer {
  const { members } = load(runFiles(folder).model);
  const layer = members[0].layers[1];
  if (layer.kind !== "sparse") {
    throw new TypeError(`Cannot draw candidates: the second layer in "${folder}" is dense`);
  }
  const { shape, indptr, indices, data } = layer;
  return { shape, indptr, indices, weights: data, state: [] };
}

/** The population standard deviation, as in the algorithm. */
function populationDeviation(values: readonly number[]): number {
  return standardDeviation(values) * Math.sqrt((values.length - 1) / values.length);
}

function reportFig2({ selection, measured }: Evidence): MarkdownReport {
  const candidates = measured[candidatesName(selection)] as Candidates | undefined;
  const searches = LAMBDAS.map((lambda) => ({
    lambda,
    found: measured[searchesName(selection, lambda)] as Searches | undefined,
    beyond: candidates?.beyond.find((entry) => entry.lambda === lambda)?.share,
  }));
  const findings = findingsOf(candidates, searches);
  const drawn = searches.flatMap(({ lambda, found }) =>
    (found?.seconds ?? []).map((seconds) => ({ lambda, seconds }))
  );
  const [dataset] = selection.datasets;
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const timeText =
    (of: (seconds: readonly number[]) => number) => ({ found }: { found: Searches | undefined }) =>
      textOr(NOT_RUN, found, ({ seconds }) => of(seconds).toFixed(4));
  return {
    title: "Fig. 2: the distances of candidates, and the cost of λ",
    parts: [
      { kind: "text", text: introduction(selection, candidates) },
      ...candidates === undefined || drawn.length === 0 ? [] : [{
        kind: "figure" as const,
        name: "fig2",
        caption:
          `a) Euclidean distances of ${candidates.distances.length} candidates from the second layer of a network trained on ${
            datasetTitle(dataset)
          }; b) time to find a candidate beyond mean + λ × deviation`,
        spec: distanceFigure(candidates.distances, drawn),
      }],
      {
        kind: "table",
        name: "fig2",
        title: "The cost of λ",
        ...tableOf(searches, [
          ["λ", ({ lambda }) => `${lambda}`],
          ["Time [s], median", timeText(median)],
          ["least", timeText((seconds) => Math.min(...seconds))],
          ["most", timeText((seconds) => Math.max(...seconds))],
          [
            "Iterations, mean",
            ({ found }) =>
              textOr(NOT_RUN, found, (searches) => meanIterations(searches).toFixed(1)),
          ],
          [
            `Share of ${MANY_CANDIDATES.toLocaleString("en")} other candidates beyond`,
            ({ beyond }) => textOr(NOT_RUN, beyond, percent),
          ],
          ["of a Gaussian", ({ lambda }) => percent(normalUpperTail(lambda))],
        ]),
        data: searches.flatMap(({ lambda, found, beyond }) =>
          (found?.seconds ?? []).map((seconds, i) => ({
            lambda,
            repetition: i + 1,
            seconds,
            iterations: found!.iterations[i],
            shareBeyond: beyond ?? null,
          }))
        ),
      },
      ...findingParts(findings),
    ],
  };
}

function meanIterations({ iterations }: Searches): number {
  return mean(iterations.map((count) => count ?? 0));
}

function introduction(selection: Selection, candidates: Candidates | undefined): string {
  const { datasets: [dataset], epsilons: [epsilon], seeds: [seed] } = selection;
  const about = `The second layer of the first member of Dist-TSE on ${datasetTitle(dataset)} ` +
    `(ε = ${epsilon}, seed ${seed}) is the predecessor.`;
  if (candidates === undefined) return `${about} The run is not finished.`;
  const { shape, weights, distances } = candidates;
  const sparsity = (1 - weights / (shape[0] * shape[1])).toFixed(3);
  const [centre, deviation] = [mean(distances), standardDeviation(distances)];
  return `${about} It is ${shape.join(" × ")} with ${weights.toLocaleString("en")} weights, ` +
    `sparsity ${sparsity} (paper: 1000 × 1000, 0.96). The ${distances.length} distances have mean ` +
    `${centre.toPrecision(5)} and standard deviation ${deviation.toPrecision(3)}. ` +
    `The paper gives its numbers as a figure only.`;
}

function findingsOf(
  candidates: Candidates | undefined,
  searches: readonly { readonly lambda: number; readonly found: Searches | undefined }[],
): Finding[] {
  const normal = "The distances are approximately Gaussian";
  const cost = "The cost rises with λ, most of all from 1.5 to 2";
  if (candidates === undefined) return [untested(normal), untested(cost)];
  const { statistic, pValue } = shapiroWilk(candidates.distances);
  // A test cannot show normality. Here it holds if 100 distances do not contradict it.
  const isNormal = pValue >= 0.05;
  const shape = decided(
    normal,
    isNormal,
    `Shapiro–Wilk W = ${statistic.toFixed(4)}, p = ${pText(pValue)}: normality is ` +
      `${isNormal ? "not " : ""}rejected at 0.05`,
  );
  const found = searches.flatMap((search) => search.found ?? []);
  if (found.length < searches.length) return [shape, untested(cost)];
  const times = found.map(({ seconds }) => `${(1000 * median(seconds)).toFixed(1)} ms`);
  // Every iteration costs the same. Unlike time, their number does not depend on the machine's other work.
  const iterations = found.map(meanIterations);
  const [one, two, three] = iterations;
  const evidence = `Mean iterations ${iterations.map((count) => count.toFixed(1)).join(", ")} ` +
    `for λ = ${LAMBDAS.join(", ")}, 100 of them for the threshold; median times ${
      times.join(", ")
    }`;
  return [shape, decided(cost, one < two && two < three && three - two > two - one, evidence)];
}
