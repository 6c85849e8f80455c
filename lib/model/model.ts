import type { Preprocessing, TargetScaling } from "../data/preprocessing/mod.ts";
import type { Member } from "../nn/mod.ts";
import type { Settings } from "../settings/mod.ts";

/** A trained ensemble with everything that predicting from raw rows needs: the content of a model file. */
export interface Model {
  /** The networks. */
  readonly members: readonly Member[];
  /** The settings they were trained with. */
  readonly settings: Settings;
  /** The topology strategy, if it was another than that of the settings' method. */
  readonly strategy?: { readonly name: string } | undefined;
  /** The preprocessing of raw columns to the networks' inputs. */
  readonly preprocessing: Preprocessing;
  /** The class labels, spelled as in the training file; none if numbers are predicted. */
  readonly classes: readonly string[];
  /** The scale of the predicted numbers; left out if classes are predicted. */
  readonly targetScaling?: TargetScaling | undefined;
  /** T: probabilities are raised to the power of 1 / T; left out if they are not calibrated. */
  readonly temperature?: number | undefined;
  /** The name of the target column. */
  readonly target: string;
}
