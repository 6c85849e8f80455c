import { scalingFigure } from "../../../plots/mod.ts";
import {
  type Column,
  type Finding,
  type MarkdownReport,
  NOT_RUN,
  type ReportTable,
  tableOf,
  textOr,
} from "../../../reports/mod.ts";
import type { RunConfig } from "../../run/mod.ts";
import { kernelsText, troubleText } from "../evidence_runs.ts";
import type { Evidence } from "../experiment.ts";
import { decided, findingParts, untested } from "../paired_order.ts";
import { datasetName, type ScaleRow, scaleRows } from "./million_rows.ts";

/** The most memory that a million neurons may take. */
const MOST_BYTES = 12e9;

/** A cost that grows by this power of the neurons or less counts as linear, because caches are finite. */
const LINEAR = 1.15;

/** The runs of a report: the curve of cost, and the runs that were trained for accuracy. */
export interface MillionConfigs {
  readonly curve: readonly RunConfig[];
  readonly trained: readonly RunConfig[];
}

/** Reports networks of a million neurons, and the cost of training from small to large. */
export function reportMillion(evidence: Evidence, configs: MillionConfigs): MarkdownReport {
  const trained = scaleRows(evidence, configs.trained);
  const curve = scaleRows(evidence, configs.curve);
  const points = curve.flatMap(({ blockSize, neurons, epochSeconds }) =>
    epochSeconds === null || epochSeconds <= 0 ? [] : [{
      series: seriesName(blockSize),
      source: "ours",
      size: neurons,
      seconds: epochSeconds,
      deviation: null,
    }]
  );
  return {
    title: "A million neurons: truly sparse training at scale",
    parts: [
      { kind: "text", text: introduction(evidence, configs) },
      tableOfRows("million", "Trained on", trained, true),
      tableOfRows("curve", "What two epochs cost", curve, false),
      ...points.length === 0 ? [] : [{
        kind: "figure" as const,
        name: "cost",
        caption: "Processor seconds of an epoch against hidden neurons",
        spec: scalingFigure(points, {
          title: "An epoch's training as the network grows",
          sizes: "hidden neurons (logarithmic)",
        }),
      }],
      { kind: "text", text: [NOTES, ...troubleText(evidence)].join(" ") },
      ...findingParts(findingsOf(trained, curve)),
    ],
  };
}

function introduction(evidence: Evidence, { trained }: MillionConfigs): string {
  const { epsilons: [epsilon] } = evidence.selection;
  const byAdam = trained.filter(({ optimizer }) => optimizer === "adam").map(datasetName);
  const adam = byAdam.length === 0 ? "" : ` (Adam on ${[...new Set(byAdam)].join(" and ")})`;
  return `Three hidden layers of equal width, trained by SET with ε = ${epsilon}, All-ReLU, SGD with ` +
    `momentum${adam} and batches of 32. G is the number of neurons that share their inputs. ` +
    `Finished runs: ${evidence.runs.length}; kernels: ${kernelsText(evidence)}.`;
}

const NOTES =
  "Seconds are the processor's. Those of an epoch are the run's, divided among its kinds of work as its " +
  "elapsed time was; all seconds of a run include reading the table and scoring. Memory is the largest " +
  "resident memory of the process at the end of an epoch, of a change of the topology, after a checkpoint " +
  "or after the test. The estimate was worked out before the run and is of the network alone. Dense " +
  "weights are those of layers of the same sizes with every connection, 32 bits each.";

function tableOfRows(
  name: string,
  title: string,
  rows: readonly ScaleRow[],
  withAccuracy: boolean,
): ReportTable {
  const columns: readonly Column<ScaleRow, string>[] = [
    ["Table", ({ dataset }) => dataset],
    ["Hidden neurons", ({ neurons }) => neurons.toLocaleString("en")],
    ["G", ({ blockSize }) => `${blockSize}`],
    ["Connections", ({ weights }) => textOr(NOT_RUN, weights, (it) => it.toLocaleString("en"))],
    ["Dense weights [GB]", ({ denseBytes }) => gigabytes(denseBytes)],
    ...withAccuracy
      ? [
        ["Epochs", ({ epochs }) => `${epochs}`],
        ["Accuracy [%]", ({ accuracy }) => textOr(NOT_RUN, accuracy, (it) => it.toFixed(1))],
      ] satisfies Column<ScaleRow, string>[]
      : [],
    ["Seconds an epoch", ({ epochSeconds }) => textOr(NOT_RUN, epochSeconds, seconds)],
    ["Seconds, whole run", ({ seconds: whole }) => textOr(NOT_RUN, whole, seconds)],
    ["Peak memory [GB]", ({ peakBytes }) => textOr(NOT_RUN, peakBytes, gigabytes)],
    ["Estimated [GB]", ({ estimatedBytes }) => gigabytes(estimatedBytes)],
    [
      "Model file [MB]",
      ({ model }) => textOr(NOT_RUN, model, ({ bytes }) => (bytes / 1e6).toPrecision(3)),
    ],
  ];
  return {
    kind: "table",
    name,
    title,
    ...tableOf(rows, columns),
    data: rows.map(({ model, ...row }) => ({ ...row, modelBytes: model?.bytes ?? null })),
  };
}

const gigabytes = (bytes: number) => Number((bytes / 1e9).toPrecision(2)).toLocaleString("en");
const seconds = (value: number) => Number(value.toPrecision(2)).toString();
const seriesName = (blockSize: number) =>
  blockSize === 1 ? "single connections" : `blocks of ${blockSize}`;

function findingsOf(trained: readonly ScaleRow[], curve: readonly ScaleRow[]): Finding[] {
  const most = 12;
  const million = trained.filter(({ neurons, peakBytes }) => neurons >= 1e6 && peakBytes !== null);
  const memory = `Over a million hidden neurons train in ${most} GB or less`;
  const peak = Math.max(...million.map(({ peakBytes }) => peakBytes!));
  const read = [...trained, ...curve].filter(({ model, weights }) =>
    model !== null && weights !== null
  );
  return [
    million.length === 0 ? untested(memory) : decided(
      memory,
      peak <= MOST_BYTES,
      `At most ${gigabytes(peak)} GB in ${million.length} runs`,
    ),
    read.length === 0 ? untested(READ_BACK) : decided(
      READ_BACK,
      read.every(({ model, weights }) => model!.weights === weights),
      `${read.length} files, the largest of ${
        read.reduce((largest, { neurons }) => Math.max(largest, neurons), 0).toLocaleString("en")
      } neurons`,
    ),
    ...[...new Set(curve.map(({ blockSize }) => blockSize))].map((blockSize) =>
      slopeFinding(curve.filter((row) => row.blockSize === blockSize), blockSize)
    ),
  ];
}

const READ_BACK = "The model files are read back with as many connections as were trained";

/** A finding on the growth of cost of the largest networks, from one size to the next. */
function slopeFinding(rows: readonly ScaleRow[], blockSize: number): Finding {
  const claim =
    `From the smallest network to the largest an epoch's cost grows with a power of at most ` +
    `${LINEAR} of the neurons (${seriesName(blockSize)})`;
  const own = rows.filter(({ epochSeconds }) => (epochSeconds ?? 0) > 0);
  if (own.length < 2) return untested(claim);
  const slope = (from: ScaleRow, to: ScaleRow) =>
    Math.log(to.epochSeconds! / from.epochSeconds!) / Math.log(to.neurons / from.neurons);
  const steps = own.slice(1).map((row, i) => slope(own[i], row).toFixed(2));
  const overall = slope(own[0], own[own.length - 1]);
  return {
    ...decided(
      claim,
      overall <= LINEAR,
      `Power ${overall.toFixed(2)} from ${own[0].neurons.toLocaleString("en")} to ${
        own[own.length - 1].neurons.toLocaleString("en")
      } neurons; from each size to the next ${steps.join(", ")}`,
    ),
    numbers: { power: overall },
  };
}
