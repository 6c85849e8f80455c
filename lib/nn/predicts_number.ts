/**
 * Tells whether a network predicts a number: it has one output and learns by the squared error. With
 * more outputs it tells classes apart and learns by cross-entropy.
 *
 * @param layers From the input to the output.
 */
export function predictsNumber(layers: readonly { readonly rows: number }[]): boolean {
  return layers[layers.length - 1].rows === 1;
}
