import type { AccuracyEpoch } from "./accuracy_figure.ts";
import {
  COLOURS,
  distinct,
  figure,
  layer,
  names,
  numbers,
  panelTitle,
  requireDrawable,
} from "./figure_style.ts";
import type { FigureSpec } from "./render.ts";

/** The look of the figure. */
export interface MembersFigureOptions {
  /** The title. Left out: "Accuracy over the epochs of a member". */
  readonly title?: string | undefined;
  /**
   * Returns the title of a member's panel; members are counted from 0. Left out: one panel for all members.
   */
  readonly panelOf?: ((member: number) => string) | undefined;
  /** Panels side by side. Left out: 2. */
  readonly columns?: number | undefined;
  /** The width of a panel, in pixels. Left out: 290. */
  readonly width?: number | undefined;
  /** The height of a panel, in pixels. Left out: 180. */
  readonly height?: number | undefined;
}

const TRAINING = "training rows, with dropout";
const VALIDATION = "held-out rows";

/**
 * Draws the accuracy of members that are trained one after the other, on top of each other. There is one
 * panel per kind of member. The mean of its members is a line, and their range a band.
 *
 * @param epochs Every epoch in order, such as those of a run's history.
 * @throws {RangeError} If there is no epoch, or a number is not finite.
 *
 * @example Usage
 * ```ts
 * import { membersFigure, renderSvg } from "@sparsemble/sparsemble/plots";
 * import assert from "node:assert/strict";
 *
 * const epochs = Array.from({ length: 12 }, (_, i) => ({
 *   epoch: i + 1,
 *   member: Math.floor(i / 3),
 *   phase: "training",
 *   accuracy: 0.5 + 0.1 * (i % 3),
 *   validationAccuracy: null,
 * }));
 * const panelOf = (member: number) => member < 2 ? "members 1 and 2" : "members 3 and 4";
 * const svg = await renderSvg(membersFigure(epochs, { panelOf }));
 * assert.match(svg, />members 3 and 4</);
 * ```
 */
export function membersFigure(
  epochs: readonly AccuracyEpoch[],
  options: MembersFigureOptions = {},
): FigureSpec {
  const { title = "Accuracy over the epochs of a member", panelOf = () => "" } = options;
  const { columns = 2, width = 290, height = 180 } = options;
  const points = pointsOf(epochs, panelOf);
  requireDrawable(points.map(({ epoch }) => epoch), "the accuracy of members");
  requireDrawable(points.map(({ mean }) => mean), "the accuracy of members");
  const ends = points.flatMap(({ low, high }) => [low, high]);
  const curves = [VALIDATION, TRAINING].filter((name) =>
    points.some(({ curve }) => curve === name)
  );
  const last = Math.max(...points.map(({ epoch }) => epoch));
  const x = numbers("epoch", {
    title: "epoch of the member",
    scale: { domain: [1, Math.max(2, last)], nice: false, zero: false },
    axis: { grid: false, tickMinStep: 1 },
  });
  const y = (field: string) =>
    numbers(field, {
      title: "accuracy (%)",
      scale: { domain: [Math.min(...ends), Math.max(...ends)], zero: false, nice: true },
    });
  const look = <Entry>(of: Readonly<Record<string, Entry>>) =>
    names("curve", {
      scale: { domain: curves, range: curves.map((curve) => of[curve]) },
      legend: { orient: "bottom", symbolType: "stroke", symbolSize: 600, symbolOpacity: 1 },
    });
  const color = look({ [VALIDATION]: COLOURS[0], [TRAINING]: COLOURS[1] });
  const strokeDash = look({ [VALIDATION]: [1, 0], [TRAINING]: [4, 2] });
  const panels = distinct(points.map(({ panel }) => panel));
  return figure({
    title,
    columns: Math.min(columns, panels.length),
    concat: panels.map((panel) => {
      const own = points.filter((point) => point.panel === panel);
      return {
        title: panelTitle(panel),
        width,
        height,
        layer: [
          layer(own, { type: "area", opacity: 0.2 }, {
            x,
            y: y("low"),
            y2: { field: "high" },
            color,
          }),
          layer(own, { type: "line", strokeWidth: 1.6 }, { x, y: y("mean"), color, strokeDash }),
        ],
      };
    }),
  });
}

/** Mean and range of a panel's members, epoch by epoch. Epochs are counted from each member's own first. */
function pointsOf(epochs: readonly AccuracyEpoch[], panelOf: (member: number) => string) {
  const first = new Map<number, number>();
  for (const { member, epoch } of epochs) if (!first.has(member)) first.set(member, epoch);
  const values = epochs.flatMap(({ epoch, member, accuracy, validationAccuracy }) => {
    const place = { panel: panelOf(member), epoch: epoch - first.get(member)! + 1 };
    const training = { ...place, curve: TRAINING, percent: 100 * accuracy };
    return validationAccuracy === null
      ? [training]
      : [{ ...place, curve: VALIDATION, percent: 100 * validationAccuracy }, training];
  });
  const groups = Map.groupBy(values, ({ panel, curve, epoch }) => `${epoch} ${curve} ${panel}`);
  return Array.from(groups.values(), (own) => {
    const percents = own.map(({ percent }) => percent);
    const { panel, curve, epoch } = own[0];
    return {
      ...{ panel, curve, epoch },
      low: Math.min(...percents),
      mean: percents.reduce((sum, percent) => sum + percent, 0) / percents.length,
      high: Math.max(...percents),
    };
  });
}
