import { number } from "../../setting.ts";
import type { GrowthSettings, StepSettings } from "../growth.ts";
import type { KnownRows } from "../members.ts";
import type { Method } from "../method.ts";
import { SET } from "../sparse_to_sparse/mod.ts";

/** The settings of born-again ensembles. */
export interface BornAgainSettings extends GrowthSettings, StepSettings {
  /** The share of earlier members' predictions in what a born-again member learns. */
  readonly teacherShare: number;
}

/**
 * Computes the mean of the outputs of the finished members.
 *
 * @param earlier Their outputs, each of the same length; at least one.
 *
 * @example Usage
 * ```ts
 * import { meanOutput } from "@sparsemble/sparsemble/methods";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual([...meanOutput([Float32Array.of(1, 0), Float32Array.of(0.5, 0.5)])], [0.75, 0.25]);
 * ```
 */
export function meanOutput(earlier: readonly Float32Array[]): Float32Array {
  return earlier[0].map((_, i) =>
    earlier.reduce((sum, output) => sum + output[i], 0) / earlier.length
  );
}

/**
 * A born-again ensemble: a member learns the rows' classes mixed with what the members before it predict
 * for the rows. Predictions tell which classes are alike, and which rows are doubtful. A member evolves as
 * in sparse evolutionary training.
 *
 * In the publication each member learns from the one before it, from its predictions alone or with the
 * classes. Here it learns from the mean of all members before it, so that no member's errors are handed
 * down. The share of a half is our choice. Numbers are learned in the same way.
 */
export const BORN_AGAIN: Method<"born-again", BornAgainSettings> = {
  name: "born-again",
  title: "Born-again ensemble",
  family: "ensembles",
  source:
    'T. Furlanello, Z. C. Lipton, M. Tschannen, L. Itti and A. Anandkumar, "Born-again neural ' +
    'networks", ICML 2018, https://arxiv.org/abs/1805.04770',
  says: "as with `set`; each member also learns what the members before it predict",
  layers: "sparse",
  members: "independent",
  settings: {
    ...SET.settings,
    teacherShare: number(
      "The share of earlier members' predictions in what a born-again member learns",
      0.5,
      0,
      1,
    ),
  },
  paper: { explore: 0, learningRate: 0.01 },
  lesson: ({ targets }: KnownRows, earlier, { teacherShare: share }) => {
    if (earlier.length === 0 || share === 0) return {};
    const taught = meanOutput(earlier);
    if (targets === undefined) return { teacher: { probabilities: taught, share } };
    return { targets: targets.map((target, i) => (1 - share) * target + share * taught[i]) };
  },
  strategy: (settings) => ({ ...SET.strategy!(settings), name: "born-again ensemble" }),
};
