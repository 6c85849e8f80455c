/**
 * The kind of a network's outputs: the classes of a classifier, which learns by softmax and cross-entropy,
 * or numbers, which are learnt by squared error. One number is that of a regression; as many as there are
 * inputs are those of an autoencoder.
 */
export type OutputKind = "classes" | "numbers";

/**
 * The kind of the outputs of a network of which nothing else is known: one output is a number, several are
 * classes.
 *
 * @param layers From the input to the output. The last may tell its kind.
 */
export function outputKindOf(
  layers: readonly { readonly rows: number; readonly output?: OutputKind | undefined }[],
): OutputKind {
  const { rows, output } = layers[layers.length - 1];
  return output ?? (rows === 1 ? "numbers" : "classes");
}
