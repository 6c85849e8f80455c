import type { MethodName } from "../../../methods/mod.ts";
import type { RecordedOutputs } from "../../../ensemble/mod.ts";
import { inputRows, openRun, prepareProblem, trainRecording } from "../../../ensemble/mod.ts";
import { chooseKernels } from "../../../kernels/mod.ts";
import { trajectoryFigure } from "../../../plots/mod.ts";
import { mean, squaredDistances, tsne } from "../../../statistics/mod.ts";
import { readRunData, type RunConfig, settingsOf } from "../../run/mod.ts";
import { type MarkdownReport, NOT_RUN, signed, tableOf, textOr } from "../../../reports/mod.ts";
import type { Evidence, Experiment, MeasureContext, Selection } from "../experiment.ts";
import { breathe, measureMissing } from "../measure.ts";
import {
  datasetTitle,
  ENSEMBLES,
  METHOD_NAMES,
  paperRun,
  selectedMethods,
  slopeFor,
} from "../paper_configs.ts";

/** The number of members, as in the paper: 50 epochs each, after 100 epochs of exploration. */
const MEMBERS = 3;

/**
 * A stored trajectory: the data on which t-SNE and all measures depend, without the outputs. Its lists have
 * one entry per point. Row i of `distances` holds the distances to the points before i.
 */
type Trajectory = NonNullable<Awaited<ReturnType<typeof measureTrajectory>>>;

/** Fig. 3: the training trajectories of three members, by t-SNE of their outputs. */
export const fig3: Experiment = {
  name: "fig3",
  defaults: { datasets: ["gesture-phase"], seeds: [1], epsilons: [20], methods: ENSEMBLES },
  options: ["datasets", "seeds", "epsilons", "methods"],
  one: ["seeds", "epsilons"],
  together: false,
  configs: () => [],
  measurements: (selection) =>
    selectedMethods(selection, ENSEMBLES).map((method) => nameOf(selection, method)),
  measure: measureFig3,
  report: (evidence) => reportFig3(evidence),
};

function nameOf(selection: Selection, method: MethodName): string {
  const { datasets: [dataset], epsilons: [epsilon], seeds: [seed], quick } = selection;
  return `trajectory ${dataset} ${method} epsilon ${epsilon} seed ${seed}${quick ? " quick" : ""}`;
}

async function measureFig3(context: MeasureContext): Promise<void> {
  const { selection } = context;
  const measurements = selectedMethods(selection, ENSEMBLES).map((method) => ({
    name: nameOf(selection, method),
    what: METHOD_NAMES[method],
    measure: () => measureTrajectory(context, method),
  }));
  await measureMissing(context, measurements);
}

async function measureTrajectory(context: MeasureContext, method: MethodName) {
  const { datasets: [dataset], epsilons: [epsilon], seeds: [seed], quick } = context.selection;
  const config = paperRun(
    dataset,
    { method, epsilon, seed, members: MEMBERS, epochs: 250, explore: 100, ...slopeFor(dataset) },
    quick,
  );
  const points = await trainedPoints(config, context, METHOD_NAMES[method]);
  if (points === null) return undefined;
  const outputs = points.map((point) => point.outputs);
  const { x, y, divergence } = await tsne(outputs, seed, {
    perplexity: Math.min(30, Math.floor((points.length - 2) / 3)),
  });
  const rounded = (value: number) => Number(value.toPrecision(6));
  return {
    member: points.map((point) => point.member),
    epoch: points.map((point) => point.epoch),
    start: points.map((point) => point.start),
    x: Array.from(x, rounded),
    y: Array.from(y, rounded),
    divergence,
    distances: squaredDistances(outputs).map((row, i) =>
      Array.from(row.subarray(0, i), (square) => rounded(Math.sqrt(square)))
    ),
    // Values of one point: test rows × classes.
    values: outputs[0].length,
  };
}

/** Trains and records the trajectory; `null` if it was asked to stop. */
async function trainedPoints(
  config: RunConfig,
  { onProgress, signal }: MeasureContext,
  name: string,
): Promise<RecordedOutputs[] | null> {
  const settings = settingsOf(config);
  const { training, test } = await readRunData(config);
  const { problem, preprocessing } = prepareProblem(training, settings);
  const rows = inputRows(preprocessing, test!);
  using run = openRun(problem, settings, chooseKernels(settings.kernels).kernels);
  const points = new Map<string, RecordedOutputs>();
  let breathed = performance.now();
  for (const event of trainRecording(run, rows)) {
    if (event.type === "outputs") {
      // An epoch that is repeated after a divergence replaces its earlier points.
      points.set(`${event.member} ${event.epoch} ${event.start}`, event);
    }
    if (event.type === "epoch" && event.epoch % 10 === 0) {
      onProgress(`${name}, epoch ${event.epoch} of ${event.epochs}`);
    }
    if (performance.now() - breathed > 50) {
      await breathe();
      breathed = performance.now();
      if (signal?.aborted) return null;
    }
  }
  return [...points.values()];
}

function reportFig3({ selection, measured: kept }: Evidence): MarkdownReport {
  const methods = selectedMethods(selection, ENSEMBLES).map((method) => ({
    method,
    name: METHOD_NAMES[method],
    trajectory: kept[nameOf(selection, method)] as Trajectory | undefined,
  }));
  const drawn = methods.flatMap(({ name, trajectory }) =>
    trajectory === undefined ? [] : [{ name, trajectory }]
  );
  const rows = methods.map((row) => ({
    ...row,
    measures: row.trajectory === undefined ? null : measuresOf(row.trajectory),
  }));
  type Measures = ReturnType<typeof measuresOf>;
  const measured =
    (text: (measures: Measures) => string) => ({ measures }: { measures: Measures | null }) =>
      textOr(NOT_RUN, measures, text);
  const list = (values: readonly number[]) => values.map((value) => value.toFixed(1)).join(", ");
  const { datasets: [dataset], epsilons: [epsilon], seeds: [seed] } = selection;
  return {
    title: `Fig. 3: training trajectories on ${datasetTitle(dataset)}`,
    parts: [
      {
        kind: "text",
        text:
          `Three members of 50 epochs each after 100 of exploration, ε = ${epsilon}, seed ${seed}, λ = 1.5 for Dist-TSE. A point is what the network in training answers to all test rows (softmax outputs), where a member begins and after every epoch. t-SNE keeps neighbours together and no more: neither distances nor directions in the figure can be read. The table's numbers are of the outputs themselves.`,
      },
      ...drawn.length === 0 ? [] : [{
        kind: "figure" as const,
        name: "fig3",
        caption: "t-SNE of the members' softmax outputs on the test rows along training",
        spec: trajectoryFigure(drawn.map(({ name, trajectory }) => ({
          title: name,
          points: trajectory.x.map((x, i) => ({
            x,
            y: trajectory.y[i],
            member: trajectory.member[i],
            // A member's start and the last point of the previous member belong to the same epoch.
            epoch: trajectory.epoch[i],
          })),
        }))),
      }],
      {
        kind: "table",
        name: "fig3",
        title: "The trajectories in the space of outputs",
        ...tableOf(rows, [
          ["Model", ({ name }) => name],
          ["Points", ({ trajectory }) => `${trajectory?.x.length ?? NOT_RUN}`],
          ["Length of a member's way, straight", measured(({ lengths }) => list(lengths))],
          ["Distance between members' ends", measured(({ ends }) => list(ends))],
          [
            "One epoch's step / distance within a member",
            measured(({ step, within }) => (step / within).toFixed(2)),
          ],
          [
            "Distance between members / within one",
            measured(({ between, within }) => (between / within).toFixed(2)),
          ],
          [
            "Cosine between members' directions",
            measured(({ cosines }) => cosines.map((value) => signed(value, 2)).join(", ")),
          ],
          ["t-SNE divergence", ({ trajectory }) => trajectory?.divergence.toFixed(3) ?? NOT_RUN],
        ]),
        data: rows.map(({ method, trajectory, measures }) => ({
          method,
          points: trajectory?.x.length ?? null,
          meanLength: measures === null ? null : mean(measures.lengths),
          meanEndDistance: measures === null ? null : mean(measures.ends),
          meanStep: measures?.step ?? null,
          meanDistanceWithin: measures?.within ?? null,
          meanDistanceBetween: measures?.between ?? null,
          meanCosine: measures === null ? null : mean(measures.cosines),
          divergence: trajectory?.divergence ?? null,
        })),
      },
      {
        kind: "text",
        text: verdict(
          rows.flatMap(({ name, measures }) =>
            measures === null ? [] : [{
              name,
              cosine: mean(measures.cosines.map(Math.abs)),
              step: measures.step / measures.within,
            }]
          ),
        ),
      },
    ],
  };
}

/**
 * A trajectory is hardly visible if one epoch moves farther than this share of a member's distances.
 */
const RESTLESS = 0.8;

/**
 * The paper: RD-TSE keeps differences in direction, and FD-TSE's trajectories are "quasi-orthogonal".
 */
function verdict(
  methods: readonly { readonly name: string; readonly cosine: number; readonly step: number }[],
): string {
  if (methods.length === 0) return "No trajectory is recorded.";
  const sorted = methods.toSorted((a, b) => a.cosine - b.cosine);
  const restless = methods.filter(({ step }) => step > RESTLESS);
  return [
    'The paper reads random directions from the figure for EDST_RG and Dist-TSE, lasting differences for RD-TSE and "quasi-orthogonal" trajectories for FD-TSE.',
    `From the most orthogonal to the least, by the mean absolute cosine between members' ways from start to end: ${
      sorted.map(({ name, cosine }) => `${name} ${cosine.toFixed(3)}`).join(", ")
    }.`,
    restless.length === 0
      ? "One epoch moves the answers by much less than a member moves in all: there are ways to be seen."
      : `For ${
        restless.map(({ name }) => name).join(", ")
      } one epoch moves the answers about as far (above ${RESTLESS} of it) as any two points of a member lie apart: fluctuation hides the way, and a figure of it shows little.`,
    "One run of each method is no test of their order.",
  ].join(" ");
}

/** Measures a trajectory by its distances alone. */
function measuresOf({ member, distances }: Trajectory) {
  const d = (i: number, j: number) => i === j ? 0 : distances[Math.max(i, j)][Math.min(i, j)];
  const members = [...new Set(member)].map((m) => [member.indexOf(m), member.lastIndexOf(m)]);
  const among = (pick: (i: number, j: number) => boolean) =>
    mean(distances.flatMap((row, i) => row.filter((_, j) => pick(i, j))));
  const pairs = members.flatMap((one, i) => members.slice(i + 1).map((other) => [one, other]));
  return {
    lengths: members.map(([from, to]) => d(from, to)),
    ends: pairs.map(([one, other]) => d(one[1], other[1])),
    step: among((i, j) => member[i] === member[j] && i === j + 1),
    within: among((i, j) => member[i] === member[j]),
    between: among((i, j) => member[i] !== member[j]),
    cosines: pairs.map(([[a, b], [c, e]]) => {
      // (b − a) · (e − c), by the distances between the four.
      const product = (d(a, e) ** 2 + d(b, c) ** 2 - d(a, c) ** 2 - d(b, e) ** 2) / 2;
      return product / (d(a, b) * d(c, e));
    }),
  };
}
