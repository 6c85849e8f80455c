/**
 * Places for the names of points, so that no name covers another name or a point.
 *
 * @module
 */

/** A point with its name. */
export interface NamedPoint {
  /** The name. */
  readonly name: string;
  /** Pixels from the left. */
  readonly x: number;
  /** Pixels from the top. */
  readonly y: number;
}

/** The place of a name: the side of its point, and how far it is moved downwards. */
export interface LabelPlace {
  /** The side of the point. */
  readonly side: "right" | "left";
  /** In pixels; 0 for a name that stands beside its point. */
  readonly shift: number;
}

/** Letters of 10 pixels: the height of a line, and the width of a letter on average. */
const [LINE, LETTER] = [11, 5.6];

/** The pixels between a point's middle and its name, and half of a point. */
const [GAP, POINT_SIZE] = [6, 4];

/** The lines that a name may be away from its point. */
const FARTHEST = 9;

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/**
 * A place for every name: beside its point, and where that is taken, as few lines above or below as will
 * do. The names of the highest points come first. A name that finds no room covers something.
 *
 * @param width The pixels of the plot: a name on the left of its point stays in it.
 *
 * @example Usage
 * ```ts
 * import { labelPlaces } from "@sparsemble/sparsemble/plots";
 * import assert from "node:assert/strict";
 *
 * const places = labelPlaces([{ name: "SET", x: 50, y: 90 }, { name: "RigL", x: 55, y: 91 }], 200);
 * assert.deepEqual(places.map(({ side }) => side), ["left", "right"]);
 * ```
 */
export function labelPlaces(points: readonly NamedPoint[], width: number): LabelPlace[] {
  const taken = points.map(({ x, y }) => around(x, y));
  const places: LabelPlace[] = points.map(() => ({ side: "right", shift: 0 }));
  const order = [...points.keys()].sort((a, b) => points[a].y - points[b].y || a - b);
  for (const i of order) {
    const own = points[i];
    const place = candidates().find((place) => {
      const box = boxOf(own, place);
      return box.left >= 0 && box.right <= width + 150 &&
        !taken.some((other, j) => j !== i && isOver(box, other));
    });
    if (place !== undefined) places[i] = place;
    taken.push(boxOf(own, places[i]));
  }
  return places;
}

/** All places of a name, the nearest first. */
function candidates(): LabelPlace[] {
  const lines = Array.from({ length: FARTHEST }, (_, i) => [-(i + 1) * LINE, (i + 1) * LINE]);
  return [0, ...lines.flat()].flatMap((shift) =>
    (["right", "left"] as const).map((side) => ({ side, shift }))
  );
}

function around(x: number, y: number): Box {
  return {
    left: x - POINT_SIZE,
    right: x + POINT_SIZE,
    top: y - POINT_SIZE,
    bottom: y + POINT_SIZE,
  };
}

function boxOf({ name, x, y }: NamedPoint, { side, shift }: LabelPlace): Box {
  const [near, far] = [GAP, GAP + LETTER * name.length];
  const [left, right] = side === "right" ? [x + near, x + far] : [x - far, x - near];
  return { left, right, top: y + shift - LINE, bottom: y + shift };
}

function isOver(one: Box, other: Box): boolean {
  return one.left < other.right && other.left < one.right && one.top < other.bottom &&
    other.top < one.bottom;
}
