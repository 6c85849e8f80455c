/**
 * The kind of a network's outputs. `classes`: a classifier, trained with softmax and cross-entropy.
 * `numbers`: a regression or an autoencoder, trained with the squared error. A regression has one output,
 * an autoencoder one per input.
 */
export type OutputKind = "classes" | "numbers";

/**
 * Infers the kind of a network's outputs from its layers. One output is a number, several are classes,
 * unless the last layer says otherwise.
 *
 * @param layers From the input to the output. The last layer may name its kind.
 */
export function outputKindOf(
  layers: readonly { readonly rows: number; readonly output?: OutputKind | undefined }[],
): OutputKind {
  const { rows, output } = layers[layers.length - 1];
  return output ?? (rows === 1 ? "numbers" : "classes");
}
