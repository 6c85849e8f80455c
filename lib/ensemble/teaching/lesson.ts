/**
 * The lesson of the member in training, where its method tells each member something of its own: the rows
 * that it draws, and what follows from the finished members. All of it follows from the seed and these
 * members, so a resumed run works it out again.
 *
 * @module
 */
import { activationIndex, type FloatArray, type Kernels, strideOf } from "../../kernels/mod.ts";
import { type Away, type Lesson, methodNamed } from "../../methods/mod.ts";
import type { Member, Repulsion } from "../../nn/mod.ts";
import { randomStream } from "../../random.ts";
import type { Settings } from "../../settings/mod.ts";
import { type EpochOrder, epochOrder, rowNumbers, type Rows } from "../../training/mod.ts";
import { outputsOf } from "./member_outputs.ts";

/** The rows of a member, and its lesson. */
export interface MemberLesson {
  /** Length rows: the row numbers that the member drew; `null` for every row once. */
  readonly sample: Int32Array | null;
  /** The outputs of the finished members on the rows, and on those held out. */
  readonly earlier: { readonly rows: Float32Array[]; readonly heldOut: Float32Array[] };
  /** The rows with the numbers that the member learns. */
  readonly rows: Rows;
  /** The rows that are held out, with such numbers. */
  readonly heldOut: Rows | null;
  /** Length rows: the weights of the rows in the loss; `null` if the lesson has none. */
  readonly weights: Float64Array | null;
  /** The outputs that the member is driven away from; `null` without any. */
  readonly away: Away | null;
}

/** Tells whether a method gives its members lessons that follow from those before. */
export function hasLessons({ method }: Settings): boolean {
  return methodNamed(method).lesson !== undefined;
}

/**
 * The lesson of the member after some finished ones.
 *
 * @param members The finished members.
 * @param number The member's number; more than there are finished ones where members are trained apart.
 * @param known The lesson of the member before, whose outputs need not be computed again.
 */
export function memberLesson(
  rows: Rows,
  heldOut: Rows | null,
  settings: Settings,
  members: readonly Member[],
  number: number,
  kernels: Kernels,
  known?: MemberLesson,
): MemberLesson {
  const { sample: draw, lesson } = methodNamed(settings.method);
  const sample = draw === undefined
    ? null
    : checkedSample(draw(rows.rows, randomStream(settings.seed, "rows", number)), rows.rows);
  const earlier = known?.earlier ?? { rows: [], heldOut: [] };
  const plain = { sample, earlier, rows, heldOut, weights: null, away: null };
  if (lesson === undefined) return plain;
  for (const member of members.slice(earlier.rows.length)) {
    earlier.rows.push(outputsOf(member, rows, settings, kernels));
    if (heldOut !== null) earlier.heldOut.push(outputsOf(member, heldOut, settings, kernels));
  }
  const own = lesson(rows, earlier.rows, settings);
  const validation = heldOut && lesson(heldOut, earlier.heldOut, settings);
  return {
    ...plain,
    rows: withTargets(rows, own),
    heldOut: heldOut && withTargets(heldOut, validation!),
    weights: own.weights ?? null,
    away: own.away ?? null,
  };
}

function withTargets(rows: Rows, { targets }: Lesson): Rows {
  return targets === undefined ? rows : { ...rows, targets };
}

function checkedSample(sample: Int32Array, rows: number): Int32Array {
  if (sample.length === rows && sample.every((row) => row >= 0 && row < rows)) return sample;
  throw new RangeError(
    `Cannot draw the rows of a member: found ${sample.length} row numbers, need ${rows} of 0 to ` +
      `${rows - 1}`,
  );
}

/** The order of the rows in an epoch; of the rows that were drawn, if the member drew some. */
export function rowOrder(
  rows: Rows,
  sample: Int32Array | null,
  seed: number,
  epoch: number,
): EpochOrder {
  if (rows.stream !== undefined) return { seed, epoch };
  const order = epochOrder(rows.rows, seed, epoch);
  return sample === null ? order : order.map((place) => sample[place]);
}

/** The outputs that a batch is driven away from, laid out as the network's. */
export function repulsionOf(
  away: Away | null,
  order: EpochOrder,
  start: number,
  batch: number,
  classes: number,
): Repulsion | undefined {
  if (away === null) return undefined;
  const numbers = rowNumbers(order);
  const stride = strideOf(batch);
  const from: FloatArray = new Float32Array(classes * stride);
  for (let b = 0; b < batch; b++) {
    const first = numbers[start + b] * classes;
    for (let c = 0; c < classes; c++) {
      from[activationIndex(classes, stride, c, b)] = away.outputs[first + c];
    }
  }
  return { from, strength: away.strength };
}
