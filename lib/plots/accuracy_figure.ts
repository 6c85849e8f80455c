import {
  COLOURS,
  distinct,
  figure,
  INK,
  layer,
  names,
  numbers,
  POINT,
  requireDrawable,
} from "./figure_style.ts";
import type { FigureSpec } from "./render.ts";

/** An epoch of a run. Accuracies are from 0 to 1. */
export interface AccuracyEpoch {
  /** The epoch, counted from 1. */
  readonly epoch: number;
  /** The member that was trained, counted from 0. */
  readonly member: number;
  /** The phase of the schedule, such as `"exploration"`. */
  readonly phase: string;
  /** Accuracy on the training rows, with dropout. */
  readonly accuracy: number;
  /** Accuracy on held-out rows, or `null` without such rows. */
  readonly validationAccuracy: number | null;
}

/** The look of the figure. */
export interface AccuracyFigureOptions {
  /** The title. Left out: "Accuracy over the epochs". */
  readonly title?: string | undefined;
  /** For every member, the epoch of the network that was kept, counted from 1. Left out: none. */
  readonly kept?: readonly number[] | undefined;
  /** The ensemble's accuracy on the test rows: a horizontal line. Left out: none. */
  readonly ensembleAccuracy?: number | null | undefined;
  /** The width of the plot, in pixels. Left out: 640. */
  readonly width?: number | undefined;
  /** The height of the plot, in pixels. Left out: 280. */
  readonly height?: number | undefined;
}

/** The colours behind the phases. A larger learning rate has a darker colour. */
const GROUNDS: Readonly<Record<string, string>> = {
  "exploration": "#cccccc",
  "refinement 1": "#e4e4e4",
  "refinement 2": "#fafafa",
  "training": "#e4e4e4",
};

const TRAINING = "training rows, with dropout";
const VALIDATION = "held-out rows";
const ENSEMBLE = "ensemble, test rows";
const KEPT = "kept network";

/**
 * Draws the accuracy over the epochs of a run. Colours behind the curves show the phases, vertical
 * lines separate the members, and points show the networks that were kept.
 *
 * @param epochs Every epoch in order, such as those of a run's history.
 * @throws {RangeError} If there is no epoch, or a number is not finite.
 *
 * @example Usage
 * ```ts
 * import { accuracyFigure, renderSvg } from "@sparsemble/sparsemble/plots";
 * import assert from "node:assert/strict";
 *
 * const epochs = Array.from({ length: 6 }, (_, i) => ({
 *   epoch: i + 1,
 *   member: i < 4 ? 0 : 1,
 *   phase: i < 2 ? "exploration" : "refinement 1",
 *   accuracy: 0.5 + 0.05 * i,
 *   validationAccuracy: 0.5 + 0.04 * i,
 * }));
 * const svg = await renderSvg(accuracyFigure(epochs, { kept: [4, 6] }));
 * assert.match(svg, />member 2</);
 * ```
 */
export function accuracyFigure(
  epochs: readonly AccuracyEpoch[],
  options: AccuracyFigureOptions = {},
): FigureSpec {
  const { title = "Accuracy over the epochs", kept = [], width = 640, height = 280 } = options;
  const { ensembleAccuracy = null } = options;
  requireDrawable(epochs.map(({ epoch }) => epoch), "accuracy over the epochs");
  const lines = curvesOf(epochs);
  requireDrawable(lines.map(({ percent }) => percent), "accuracy over the epochs");
  const bands = bandsOf(epochs);
  const spans = spansOf(epochs, bands);
  const points = keptPoints(epochs, kept);
  const rules = ensembleAccuracy === null
    ? []
    : [{ percent: 100 * ensembleAccuracy, curve: ENSEMBLE }];
  const curves = distinct([...lines, ...rules].map(({ curve }) => curve));
  const phases = distinct(bands.map(({ phase }) => phase));

  const x = numbers("epoch", {
    title: "epoch",
    scale: { domain: [bands[0].from, bands[bands.length - 1].to], nice: false, zero: false },
    axis: { grid: false, tickMinStep: 1 },
  });
  const y = numbers("percent", {
    title: "accuracy (%)",
    scale: { zero: false, nice: true },
    axis: { grid: true, gridColor: "#c4c4c4" },
  });
  const look = <Entry>(of: Readonly<Record<string, Entry>>) =>
    names("curve", {
      scale: { domain: curves, range: curves.map((curve) => of[curve]) },
      legend: { orient: "bottom", symbolType: "stroke", symbolSize: 600 },
    });
  const color = look({ [VALIDATION]: COLOURS[0], [TRAINING]: COLOURS[1], [ENSEMBLE]: INK.text });
  const strokeDash = look({ [VALIDATION]: [1, 0], [TRAINING]: [4, 2], [ENSEMBLE]: [8, 3, 2, 3] });
  const fill = {
    field: "phase",
    type: "nominal",
    title: "phase",
    scale: { domain: phases, range: phases.map((phase) => GROUNDS[phase] ?? "#efefef") },
    legend: {
      orient: "bottom",
      titleOrient: "left",
      symbolType: "square",
      symbolStrokeColor: INK.faint,
      symbolStrokeWidth: 0.5,
      symbolOpacity: 0.6,
    },
  };
  const shape = names("network", {
    scale: { domain: [KEPT], range: ["diamond"] },
    legend: { orient: "bottom", symbolFillColor: COLOURS[6], symbolStrokeColor: COLOURS[6] },
  });
  const ensemble = layer(rules, { type: "rule", strokeWidth: 1.5 }, { y, color, strokeDash });
  const diamond = { ...POINT, size: 90, stroke: "white", color: COLOURS[6] };
  return figure({
    title,
    width,
    height,
    layer: [
      layer(
        bands,
        { type: "rect", opacity: 0.6 },
        { x: { ...x, field: "from" }, x2: { field: "to" }, fill },
      ),
      layer(spans.slice(1), { type: "rule", color: INK.faint }, { x: { ...x, field: "from" } }),
      layer(spans, { type: "text", baseline: "bottom", color: INK.text, fontSize: 12 }, {
        x: { ...x, field: "middle" },
        y: { value: -3 },
        text: { field: "name", type: "nominal" },
      }),
      layer(
        lines,
        { type: "line", strokeWidth: 1.4 },
        { x, y, color, strokeDash, detail: { field: "member", type: "nominal" } },
      ),
      ...rules.length === 0 ? [] : [ensemble],
      ...points.length === 0 ? [] : [layer(points, diamond, { x, y, shape })],
    ],
    resolve: { scale: { fill: "independent" } },
  });
}

function curvesOf(epochs: readonly AccuracyEpoch[]) {
  return epochs.flatMap(({ epoch, member, accuracy, validationAccuracy }) => {
    const training = { epoch, member, curve: TRAINING, percent: 100 * accuracy };
    return validationAccuracy === null
      ? [training]
      : [{ epoch, member, curve: VALIDATION, percent: 100 * validationAccuracy }, training];
  });
}

/**
 * The stretches of one phase of one member. An epoch reaches from half before its number to half after.
 */
function bandsOf(epochs: readonly AccuracyEpoch[]) {
  const bands: { phase: string; member: number; from: number; to: number }[] = [];
  for (const { epoch, member, phase } of epochs) {
    const last = bands.at(-1);
    if (last?.phase === phase && last.member === member) last.to = epoch + 0.5;
    else bands.push({ phase, member, from: last?.to ?? epoch - 0.5, to: epoch + 0.5 });
  }
  return bands;
}

function spansOf(epochs: readonly AccuracyEpoch[], bands: ReturnType<typeof bandsOf>) {
  const members = distinct(epochs.map(({ member }) => member));
  return members.map((member) => {
    const own = bands.filter((band) => band.member === member);
    const { from } = own[0];
    // Exploration belongs to the first member. The member's name is above its refinement.
    const named = own.filter(({ phase }) => phase !== "exploration");
    const [first, last] = named.length === 0 ? [own[0], own[0]] : [named[0], named.at(-1)!];
    // With many members, full names would overlap.
    const short = members.length > 8 ? `${member + 1}` : `member ${member + 1}`;
    return { name: short, from, middle: (first.from + last.to) / 2 };
  });
}

function keptPoints(epochs: readonly AccuracyEpoch[], kept: readonly number[]) {
  return kept.flatMap((epoch) => {
    const found = epochs.findLast((one) => one.epoch === epoch);
    if (found === undefined) return [];
    const percent = 100 * (found.validationAccuracy ?? found.accuracy);
    return [{ epoch, network: KEPT, percent }];
  });
}
