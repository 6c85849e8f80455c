/**
 * Whether a network predicts a number, and learns it by its squared error: it has one output. With
 * more of them it tells classes apart, by softmax and cross-entropy.
 *
 * @param layers From the input to the output.
 */
export function predictsNumber(layers: readonly { readonly rows: number }[]): boolean {
  return layers[layers.length - 1].rows === 1;
}
