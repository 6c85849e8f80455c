import { choice, integer, number, optional, type SettingTable, share, toggle } from "../setting.ts";
import { type Corruption, CORRUPTIONS } from "../training/mod.ts";

/** The settings of one network's training. */
export interface TrainingSettings {
  /** The dropout rate: the share of hidden activations set to zero in training. */
  readonly dropout: number;
  /** The share of each label that is spread over all classes. */
  readonly labelSmoothing: number;
  /** The weights of rows: `balanced` makes every class count the same. */
  readonly classWeights: "none" | "balanced";
  /** Rows per batch. */
  readonly batchSize: number;
  /** Leaves out the incomplete last batch of an epoch. */
  readonly dropLastBatch: boolean;
  /** Adapts epochs and batch size, meant for 10,000 rows, to the table. */
  readonly adaptToRows: boolean;
  // With balanced class weights the default is a rollback: first to the beginning of the epoch, then to the
  // beginning of the network's training.
  /** If the loss explodes: stop the run, or go back and halve η. */
  readonly onDivergence: "stop" | "rollback";
  /** The corruption of an autoencoder's inputs: normal noise, or a mask of zeros. */
  readonly corruption?: Corruption["kind"] | undefined;
  /** The amount of corruption: the noise's standard deviation, or the share of masked inputs. */
  readonly noise?: number | undefined;
}

export const TRAINING: SettingTable<TrainingSettings> = {
  dropout: share("The dropout rate: the share of hidden activations set to zero in training", 0.2),
  labelSmoothing: share("The share of each label that is spread over all classes", 0),
  classWeights: choice(
    "The weights of rows: `balanced` makes every class count the same",
    ["none", "balanced"],
  ),
  batchSize: integer("Rows per batch", 128, 1, 1_000_000),
  dropLastBatch: toggle("Leaves out the incomplete last batch of an epoch", true),
  adaptToRows: toggle("Adapts epochs and batch size, meant for 10,000 rows, to the table", false),
  onDivergence: choice(
    "If the loss explodes: stop the run, or go back and halve η",
    ["stop", "rollback"],
  ),
  corruption: optional(
    choice(
      "The corruption of an autoencoder's inputs: normal noise, or a mask of zeros",
      CORRUPTIONS,
    ),
  ),
  noise: optional(
    number(
      "The amount of corruption: the noise's standard deviation, or the share of masked inputs",
      0.2,
      0,
      100,
    ),
  ),
};

/** Returns the corruption that the settings name; `null` for uncorrupted inputs. */
export function corruptionOf({ corruption, noise = 0 }: TrainingSettings): Corruption | null {
  return corruption === undefined || noise === 0 ? null : { kind: corruption, amount: noise };
}
