/**
 * The corruption of a denoising autoencoder's inputs. The network learns to restore the original inputs. P.
 * Vincent et al., "Stacked denoising autoencoders", Journal of Machine Learning Research 11, 2010,
 * https://www.jmlr.org/papers/v11/vincent10a.html.
 *
 * @module
 */
import { activationIndex, strideOf } from "../kernels/mod.ts";
import type { Workspace } from "../nn/mod.ts";
import type { Random } from "../random.ts";

/** The kinds of corruption. */
export const CORRUPTIONS = ["gaussian", "mask"] as const;

/** A corruption of inputs. */
export interface Corruption {
  /** `gaussian` adds normal noise; `mask` sets inputs to 0. */
  readonly kind: typeof CORRUPTIONS[number];
  /** The standard deviation of the noise, or the share of masked inputs. */
  readonly amount: number;
}

/**
 * Corrupts the inputs of the batch in a workspace. Its targets stay as they are.
 *
 * @param columns The number of inputs.
 * @param batch The number of samples.
 */
export function corruptInputs(
  { input }: Pick<Workspace, "input">,
  columns: number,
  batch: number,
  { kind, amount }: Corruption,
  random: Random,
): void {
  const stride = strideOf(batch);
  const isMasked = kind === "mask";
  for (let column = 0; column < columns; column++) {
    for (let b = 0; b < batch; b++) {
      const at = activationIndex(columns, stride, column, b);
      if (!isMasked) input[at] += amount * random.normal();
      else if (random.float() < amount) input[at] = 0;
    }
  }
}
