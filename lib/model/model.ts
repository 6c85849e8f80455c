import type { Preprocessing, TargetScaling } from "../data/preprocessing/mod.ts";
import type { Member } from "../nn/mod.ts";
import type { Settings } from "../settings/mod.ts";

/** A trained ensemble with all that is needed to use it on raw rows: what a model file holds. */
export interface Model {
  /** The networks. */
  readonly members: readonly Member[];
  /** The settings they were trained with. */
  readonly settings: Settings;
  /** The way from raw columns to the networks' inputs. */
  readonly preprocessing: Preprocessing;
  /** The class labels, as they are written in the training file; empty where numbers are predicted. */
  readonly classes: readonly string[];
  /** The scale of the predicted numbers. Left out: classes are predicted. */
  readonly targetScaling?: TargetScaling | undefined;
  /** T: probabilities are raised to the power of 1 / T. Left out: they stay as they are. */
  readonly temperature?: number | undefined;
  /** The name of the target column. */
  readonly target: string;
}
