/**
 * Returns `true` for a network with one output. It predicts a number and learns by squared error. A
 * network with more outputs predicts classes and learns by softmax and cross-entropy.
 *
 * @param layers From the input to the output.
 */
export function predictsNumber(layers: readonly { readonly rows: number }[]): boolean {
  return layers[layers.length - 1].rows === 1;
}
