import type { NpySource } from "./npy.ts";

/** The type and shape of an array in another format, without its elements. */
export interface OtherArray {
  /** The type of an element as NumPy spells it: `|u1`, `>f4`. */
  readonly type: string;
  /** The lengths of the axes. */
  readonly shape: readonly number[];
  /** `true` if elements are stored column after column. */
  readonly fortranOrder: boolean;
}

/** The number of bytes of an element. NumPy spells its type, such as `>f4`. */
export function bytesOfType(type: string): number {
  return Number(type.slice(2));
}

/**
 * Converts an array of another format to an NPY file: NumPy's header, then the elements. Then one reader of
 * numbers serves all formats.
 *
 * @param where The beginning of a message, such as `Cannot read "X.mat"`.
 * @param elements Returns the bytes of the elements. Every call begins at the first byte.
 */
export function asNpy(
  where: string,
  { type, shape, fortranOrder }: OtherArray,
  elements: () => AsyncIterable<Uint8Array>,
): NpySource {
  const order = fortranOrder ? "True" : "False";
  const text = `{'descr': '${type}', 'fortran_order': ${order}, 'shape': (${shape.join(", ")},)}`;
  const head = new Uint8Array(10 + text.length);
  head.set([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0]);
  new DataView(head.buffer).setUint16(8, text.length, true);
  head.set(new TextEncoder().encode(text), 10);
  const size = shape.reduce((product, length) => product * length, 1);
  return {
    where,
    bytes: head.length + size * bytesOfType(type),
    async *pieces() {
      yield head;
      yield* elements();
    },
  };
}
