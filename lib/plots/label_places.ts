/**
 * Places the names of points so that no name covers another name or a point.
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

/** The place of a name: the side of its point, and its downward shift. */
export interface LabelPlace {
  /** The side of the point. */
  readonly side: "right" | "left";
  /** The downward shift in pixels; 0 for a name beside its point. */
  readonly shift: number;
}

/** The height of a line and the average width of a letter, for letters of 10 pixels. */
const [LINE, LETTER] = [11, 5.6];

/** The pixels between a point's middle and its name, and half of a point. */
const [GAP, POINT_SIZE] = [6, 4];

/** The largest distance of a name from its point, in lines. */
const FARTHEST = 9;

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/**
 * Finds a place for every name. It is beside the point or, if that place is taken, the smallest free number
 * of lines above or below. The names of the highest points are placed first. A name that finds no room
 * covers something.
 *
 * @param width The width of the plot in pixels. A name on the left of its point stays within the plot.
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
