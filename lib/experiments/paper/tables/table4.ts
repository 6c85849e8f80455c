import { scalingFigure } from "../../../plots/mod.ts";
import { mean } from "../../../statistics/mod.ts";
import {
  deviationOrNull,
  type Finding,
  type MarkdownReport,
  meanOrNull,
  NOT_RUN,
  publishedText,
  tableOf,
} from "../../../reports/mod.ts";
import { randomStream } from "../../../random.ts";
import type { Evidence, Experiment, MeasureContext, Selection } from "../experiment.ts";
import { measureMissing } from "../measure.ts";
import { decided, findingParts, untested } from "../paired_order.ts";
import { METHOD_NAMES, PROPOSED } from "../paper_configs.ts";
import { TABLE4 } from "../published.ts";
import { reinitializing, squareLayer, timeReinitializations } from "../reinitialization.ts";

/** The measurements of one method at one size. */
interface Timing extends ReturnType<typeof timeReinitializations> {
  readonly method: (typeof PROPOSED)[number];
  readonly neurons: number;
  /** Stored weights. */
  readonly weights: number;
}

/** Table 4: the time of a re-initialisation as the layer grows. */
export const table4: Experiment = {
  name: "table4",
  defaults: { datasets: [], seeds: [1], epsilons: [10], methods: PROPOSED },
  options: ["seeds", "epsilons", "methods"],
  one: ["seeds", "epsilons"],
  together: true,
  configs: () => [],
  measurements: (selection) =>
    sizesOf(selection).flatMap((neurons) =>
      methodsOf(selection).map((method) => nameOf(selection, method, neurons))
    ),
  measure: measureTable4,
  report: (evidence) => reportTable4(evidence),
};

const sizesOf = ({ quick }: Selection) => quick ? [100, 200] : [1000, 5000, 10_000, 15_000];
const repetitionsOf = ({ quick }: Selection) => quick ? 3 : 10;

const methodsOf = ({ methods }: Selection) => PROPOSED.filter((method) => methods.includes(method));

function nameOf(selection: Selection, method: string, neurons: number): string {
  const { epsilons: [epsilon], seeds: [seed] } = selection;
  return `${method} ${neurons} epsilon ${epsilon} seed ${seed} times ${repetitionsOf(selection)}`;
}

async function measureTable4(context: MeasureContext): Promise<void> {
  const { selection, log } = context;
  const { epsilons: [epsilon], seeds: [seed] } = selection;
  const times = repetitionsOf(selection);
  for (const neurons of sizesOf(selection)) {
    if (context.signal?.aborted) return;
    const missing = methodsOf(selection)
      .filter((method) => !log.has(nameOf(selection, method, neurons)));
    if (missing.length === 0) continue;
    const layer = squareLayer(neurons, epsilon, randomStream(seed, "table4", neurons));
    await measureMissing(
      context,
      missing.map((method) => ({
        name: nameOf(selection, method, neurons),
        what: `${METHOD_NAMES[method]}, ${neurons} × ${neurons}`,
        measure: (): Timing => ({
          method,
          neurons,
          weights: layer.weights.length,
          ...timeReinitializations(layer, () => reinitializing(method), times, seed),
        }),
      })),
    );
  }
}

function reportTable4({ selection, measured }: Evidence): MarkdownReport {
  const timings = Object.values(measured) as Timing[];
  const rows = methodsOf(selection).flatMap((method) =>
    sizesOf(selection).map((neurons) => {
      const timing = measured[nameOf(selection, method, neurons)] as Timing | undefined;
      const seconds = timing?.seconds ?? [];
      const iterations = timing?.iterations.filter((count) => count !== null) ?? [];
      const published = TABLE4.find((row) => row.method === method && row.neurons === neurons);
      return {
        method,
        neurons,
        weights: timing?.weights ?? null,
        seconds: meanOrNull(seconds),
        secondsDeviation: deviationOrNull(seconds),
        publishedSeconds: published?.seconds ?? null,
        publishedSecondsDeviation: published?.secondsDeviation ?? null,
        iterations: meanOrNull(iterations),
        iterationsDeviation: deviationOrNull(iterations),
        publishedIterations: published?.iterations ?? null,
        publishedIterationsDeviation: published?.iterationsDeviation ?? null,
      };
    })
  );
  const points = rows.flatMap((row) =>
    ([
      ["ours", row.seconds, row.secondsDeviation],
      ["paper", row.publishedSeconds, row.publishedSecondsDeviation],
    ] as const).flatMap(([source, seconds, deviation]) =>
      seconds === null
        ? []
        : [{ series: METHOD_NAMES[row.method], source, size: row.neurons, seconds, deviation }]
    )
  );
  return {
    title: "Table 4: the time of a re-initialisation",
    parts: [
      {
        kind: "text",
        text: `A square hidden layer at ε = ${
          selection.epsilons[0]
        }, λ = 1.5, 80 % of the weights replaced, ${
          repetitionsOf(selection)
        } times each after as many that do not count, on one core. Ours includes the transposed index that training needs. The paper's times are those of its own machine; its Dist-TSE compares every row of the candidate with every row of the predecessor, ours computes the Euclidean distance itself, from what differs.`,
      },
      {
        kind: "table",
        name: "table4",
        title: "Ours beside the paper",
        ...tableOf(rows, [
          ["Model", ({ method }) => METHOD_NAMES[method]],
          [
            "Weight matrix",
            ({ neurons }) => `${neurons.toLocaleString("en")} × ${neurons.toLocaleString("en")}`,
          ],
          ["Stored weights", ({ weights }) => weights?.toLocaleString("en") ?? NOT_RUN],
          ["Time [s]", (row) => publishedText(row.seconds, row.secondsDeviation, 4, NOT_RUN)],
          ["paper", (row) => publishedText(row.publishedSeconds, row.publishedSecondsDeviation, 3)],
          [
            "paper / ours",
            ({ seconds, publishedSeconds }) =>
              seconds === null || publishedSeconds === null
                ? "–"
                : (publishedSeconds / seconds).toFixed(0),
          ],
          ["Iterations", (row) => publishedText(row.iterations, row.iterationsDeviation)],
          [
            "paper",
            (row) => publishedText(row.publishedIterations, row.publishedIterationsDeviation),
          ],
        ]),
        data: rows,
      },
      ...timings.length === 0 ? [] : [{
        kind: "figure" as const,
        name: "scaling",
        caption: "Time of a re-initialisation, ours and the paper's",
        spec: scalingFigure(points),
      }],
      ...findingParts(findingsOf(timings)),
    ],
  };
}

function findingsOf(timings: readonly Timing[]): Finding[] {
  const of = (method: string) =>
    timings.filter((timing) => timing.method === method)
      .toSorted((a, b) => a.neurons - b.neurons);
  const growth = (["rd", "fd"] as const).map((method): Finding => {
    const own = of(method);
    const claim = `The time of ${METHOD_NAMES[method]} grows no faster than the layer's neurons`;
    if (own.length < 2) return untested(claim);
    const [first, last] = [own[0], own[own.length - 1]];
    const times = mean(last.seconds) / mean(first.seconds);
    const neurons = last.neurons / first.neurons;
    const evidence = `${times.toFixed(1)} times the time for ${neurons} times the neurons`;
    // Time is noisy and caches are finite, so up to a quarter more does not count as faster growth.
    return decided(claim, times <= 1.25 * neurons, evidence);
  });
  const dist = of("dist");
  const claim =
    "Dist-TSE's iterations do not grow with the layer (at most 20 % between any two sizes)";
  if (dist.length < 2) return [...growth, untested(claim)];
  const iterations = dist.map((timing) => mean(timing.iterations.map((count) => count ?? 0)));
  const ratio = Math.max(...iterations) / Math.min(...iterations);
  const evidence = `Means ${iterations.map((value) => value.toFixed(1)).join(", ")} ` +
    `from the smallest to the largest, 100 of them to set the threshold`;
  return [...growth, decided(claim, ratio <= 1.2, evidence)];
}
