/**
 * Fig. 2: how the distances of candidate weight matrices are distributed, and what λ costs.
 *
 * @module
 */
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
import { type Finding, type MarkdownReport, NOT_RUN, pText } from "../../../reports/mod.ts";
import type { Evidence, Experiment, MeasureContext, Selection } from "../experiment.ts";
import { UNTESTED, verdictSentence } from "../paired_order.ts";
import { datasetTitle, ensembleRun } from "../paper_configs.ts";
import { candidateDistances, reinitializing, timeReinitializations } from "../reinitialization.ts";

/** The values of λ that the paper compares. */
const LAMBDAS = [1, 1.5, 2] as const;

/** Candidates of Fig. 2a, and how many more tell how rare a distant one is. */
const CANDIDATES = 100;
const MANY_CANDIDATES = 5000;

/** Distances of Fig. 2a. */
interface Candidates {
  readonly shape: readonly [number, number];
  readonly weights: number;
  readonly distances: readonly number[];
  /** By λ, the share of many other candidates beyond mean + λ × deviation of the first. */
  readonly beyond: readonly { readonly lambda: number; readonly share: number }[];
}

/** Searches of Fig. 2b. */
interface Searches {
  readonly seconds: readonly number[];
  readonly iterations: readonly (number | null)[];
}

/** Fig. 2. */
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

/** How often each λ is searched with. */
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

async function measureFig2(
  { selection, log, runFolder, onProgress, signal }: MeasureContext,
): Promise<void> {
  const folder = runFolder(configOf(selection));
  if (folder === null) return;
  const { seeds: [seed] } = selection;
  if (measurements(selection).every((name) => log.has(name))) return;
  const layer = secondLayer(folder);
  if (!log.has(candidatesName(selection))) {
    onProgress(`${CANDIDATES + MANY_CANDIDATES} candidates`);
    const distances = Array.from(candidateDistances(layer, CANDIDATES, seed));
    const many = candidateDistances(layer, MANY_CANDIDATES, seed + 1);
    const [centre, deviation] = [mean(distances), populationDeviation(distances)];
    const candidates: Candidates = {
      shape: [layer.shape[0], layer.shape[1]],
      weights: layer.weights.length,
      distances,
      beyond: LAMBDAS.map((lambda) => ({
        lambda,
        share: many.filter((distance) => distance > centre + lambda * deviation).length /
          MANY_CANDIDATES,
      })),
    };
    log.put(candidatesName(selection), candidates);
  }
  for (const lambda of LAMBDAS) {
    if (log.has(searchesName(selection, lambda))) continue;
    onProgress(`searches with λ = ${lambda}`);
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (signal?.aborted) return;
    const searches: Searches = timeReinitializations(
      layer,
      () => reinitializing("dist", lambda),
      repetitionsOf(selection),
      seed,
    );
    log.put(searchesName(selection, lambda), searches);
  }
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

/** As the algorithm takes it: of the sample itself. */
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
        columns: [
          "λ",
          "Time [s], median",
          "least",
          "most",
          "Iterations, mean",
          `Share of ${MANY_CANDIDATES.toLocaleString("en")} other candidates beyond`,
          "of a Gaussian",
        ],
        rows: searches.map(({ lambda, found, beyond }) => [
          `${lambda}`,
          found === undefined ? NOT_RUN : median(found.seconds).toFixed(4),
          found === undefined ? NOT_RUN : Math.min(...found.seconds).toFixed(4),
          found === undefined ? NOT_RUN : Math.max(...found.seconds).toFixed(4),
          found === undefined
            ? NOT_RUN
            : mean(found.iterations.map((count) => count ?? 0)).toFixed(1),
          beyond === undefined ? NOT_RUN : `${(100 * beyond).toFixed(1)} %`,
          `${(100 * normalUpperTail(lambda)).toFixed(1)} %`,
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
      { kind: "text", text: `## Which statements hold\n\n${verdictSentence(findings)}` },
      { kind: "findings", findings },
    ],
  };
}

function introduction(selection: Selection, candidates: Candidates | undefined): string {
  const { datasets: [dataset], epsilons: [epsilon], seeds: [seed] } = selection;
  const about = `The second layer of the first member of Dist-TSE on ${
    datasetTitle(dataset)
  } (ε = ${epsilon}, seed ${seed}) is the predecessor.`;
  if (candidates === undefined) return `${about} The run is not finished.`;
  const { shape, weights, distances } = candidates;
  const sparsity = 1 - weights / (shape[0] * shape[1]);
  return `${about} It is ${shape.join(" × ")} with ${
    weights.toLocaleString("en")
  } weights, sparsity ${
    sparsity.toFixed(3)
  } (paper: 1000 × 1000, 0.96). The ${distances.length} distances have mean ${
    mean(distances).toPrecision(5)
  } and standard deviation ${
    standardDeviation(distances).toPrecision(3)
  }. The paper gives its numbers as a figure only.`;
}

function findingsOf(
  candidates: Candidates | undefined,
  searches: readonly { readonly lambda: number; readonly found: Searches | undefined }[],
): Finding[] {
  const normal = "The distances are approximately Gaussian";
  const cost = "The cost rises with λ, most of all from 1.5 to 2";
  const untested = (claim: string): Finding => ({ claim, verdict: "untested", evidence: UNTESTED });
  if (candidates === undefined) return [untested(normal), untested(cost)];
  const { statistic, pValue } = shapiroWilk(candidates.distances);
  const findings: Finding[] = [{
    claim: normal,
    // A test cannot show normality: it holds as far as 100 distances do not speak against it.
    verdict: pValue < 0.05 ? "contradicted" : "holds",
    evidence: `Shapiro–Wilk W = ${statistic.toFixed(4)}, p = ${pText(pValue)}: normality is ${
      pValue < 0.05 ? "" : "not "
    }rejected at 0.05`,
  }];
  const found = searches.flatMap((search) => search.found ?? []);
  if (found.length < searches.length) return [...findings, untested(cost)];
  const times = found.map(({ seconds }) => `${(1000 * median(seconds)).toFixed(1)} ms`);
  // Every iteration costs the same, and their number does not depend on what else the machine does.
  const iterations = found.map((search) => mean(search.iterations.map((count) => count ?? 0)));
  const [one, two, three] = iterations;
  return [...findings, {
    claim: cost,
    verdict: one < two && two < three && three - two > two - one ? "holds" : "contradicted",
    evidence: `Mean iterations ${iterations.map((count) => count.toFixed(1)).join(", ")} for λ = ${
      LAMBDAS.join(", ")
    }, 100 of them for the threshold; median times ${times.join(", ")}`,
  }];
}
