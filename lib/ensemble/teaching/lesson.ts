/**
 * The lesson of the member in training: the rows that it draws, and its row weights, targets, teacher or
 * repulsion, which depend on the finished members. Seed and finished members determine the lesson, so a resumed run
 * computes it again.
 *
 * @module
 */
import { activationIndex, type FloatArray, type Kernels, strideOf } from "../../kernels/mod.ts";
import { type Away, type Lesson, type MemberTeacher, methodNamed } from "../../methods/mod.ts";
import type { Member, Repulsion } from "../../nn/mod.ts";
import { randomStream } from "../../random.ts";
import type { Settings } from "../../settings/mod.ts";
import { type EpochOrder, epochOrder, rowNumbers, type Rows } from "../../training/mod.ts";
import { outputsOf } from "./member_outputs.ts";

/** The rows and the lesson of a member. */
export interface MemberLesson {
  /** Length rows: the row numbers that the member drew; `null` for every row once. */
  readonly sample: Int32Array | null;
  /** The outputs of the finished members on the training rows, and on the held-out rows. */
  readonly earlier: { readonly rows: Float32Array[]; readonly heldOut: Float32Array[] };
  /** The training rows, with the targets of this member. */
  readonly rows: Rows;
  /** The held-out rows, with the targets of this member. */
  readonly heldOut: Rows | null;
  /** Length rows: the weights of the rows in the loss; `null` if the lesson has none. */
  readonly weights: Float64Array | null;
  /** The outputs that the member is driven away from; `null` if there are none. */
  readonly away: Away | null;
}

/** Returns `true` if a method's lessons depend on earlier members. */
export function hasLessons({ method }: Settings): boolean {
  return methodNamed(method).lesson !== undefined;
}

/**
 * Makes the lesson of a member.
 *
 * @param members The finished members.
 * @param number The member's number. It can exceed the number of finished members, if members are trained
 * side by side.
 * @param known The lesson of the previous member. Its outputs are used again.
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
    rows: withTeacher(withTargets(rows, own), own, settings),
    heldOut: heldOut && withTargets(heldOut, validation!),
    weights: own.weights ?? null,
    away: own.away ?? null,
  };
}

function withTargets(rows: Rows, { targets }: Lesson): Rows {
  return targets === undefined ? rows : { ...rows, targets };
}

/** Rows whose classes, smoothed as the settings say, are mixed with the probabilities of a teacher. */
function withTeacher(rows: Rows, { teacher }: Lesson, { labelSmoothing }: Settings): Rows {
  return teacher === undefined
    ? rows
    : { ...rows, soft: mixedTargets(rows, teacher, labelSmoothing) };
}

function mixedTargets(
  { labels, rows }: Rows,
  { probabilities, share }: MemberTeacher,
  labelSmoothing: number,
): Float32Array {
  const classes = probabilities.length / rows;
  const [other, own] = [labelSmoothing / classes, 1 - labelSmoothing];
  return probabilities.map((probability, i) => {
    const isOwn = labels[Math.floor(i / classes)] === i % classes;
    return share * probability + (1 - share) * (isOwn ? own + other : other);
  });
}

function checkedSample(sample: Int32Array, rows: number): Int32Array {
  if (sample.length === rows && sample.every((row) => row >= 0 && row < rows)) return sample;
  throw new RangeError(
    `Cannot draw the rows of a member: found ${sample.length} row numbers, need ${rows} of 0 to ` +
      `${rows - 1}`,
  );
}

/** Shuffles the rows for an epoch: all rows, or the rows that the member drew. */
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

/** Gathers the outputs that a batch is driven away from, laid out as the network's outputs. */
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
