/**
 * The kernels for runtimes without relaxed SIMD, such as Node 20 and Safari. Each multiply-add becomes a
 * call of a function that multiplies and adds: both instructions take three bytes, so nothing else moves. A
 * product is then rounded before it is added, and training takes longer.
 *
 * WebAssembly Core Specification, "Binary Format", https://webassembly.github.io/spec/core/binary/.
 *
 * @module
 */

/** The instruction `f32x4.relaxed_madd`. */
const RELAXED_MADD = [0xfd, 0x85, 0x02];
/** The instruction `call`, before a function's index. */
const CALL = 0x10;
/** The export that multiplies and adds, of `multiply_add.c`. */
const MULTIPLY_ADD = "multiply_add";
/** The number of the export section, and the kind of exported functions. */
const [EXPORTS, FUNCTION] = [7, 0];

/**
 * Replaces the multiply-adds of a module.
 *
 * @param bytes The module. It is left as it is.
 * @throws {TypeError} If the module does not export `multiply_add`.
 */
export function withoutRelaxedSimd(
  bytes: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  const index = exportedFunction(bytes, MULTIPLY_ADD);
  // A number of seven bits, in two bytes.
  const call = [CALL, index | 0x80, 0];
  const replaced = bytes.slice();
  for (let at = 0; at + 2 < bytes.length; at++) {
    if (RELAXED_MADD.every((byte, i) => bytes[at + i] === byte)) replaced.set(call, at);
  }
  return replaced;
}

/** The index of an exported function. */
function exportedFunction(bytes: Uint8Array, name: string): number {
  // Behind the magic number and the version.
  let at = 8;
  /** An unsigned integer, seven bits a byte, the lowest first. */
  const integer = (): number => {
    let [value, factor] = [0, 1];
    for (;;) {
      const byte = bytes[at++];
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 0x80;
    }
  };
  while (at < bytes.length) {
    const section = bytes[at++];
    const end = integer() + at;
    for (let left = section === EXPORTS ? integer() : 0; left > 0; left--) {
      const length = integer();
      const own = new TextDecoder().decode(bytes.subarray(at, at + length));
      at += length;
      const kind = bytes[at++];
      const index = integer();
      if (own === name && kind === FUNCTION && index < 0x80) return index;
    }
    at = end;
  }
  throw new TypeError(`Cannot replace relaxed SIMD: found no function "${name}", need it exported`);
}
