/**
 * Made data in the shape of HIGGS: 28 columns of 32-bit floats, and two classes.
 *
 * @module
 */
import { randomStream } from "../../lib/random.ts";

/** The columns of features. */
export const COLUMNS = 28;

/** Writes the header of an NPY array. */
function npyHeader(descr: string, shape: string): Uint8Array {
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape}), }`;
  const header = new TextEncoder().encode(`??????????${text.padEnd(117)}\n`);
  header.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0]);
  return header;
}

/** Makes `X.npy` and `y.npy`: the class follows from a product, a square and two sums, with noise. */
export function makeRows(folder: string, rows: number): void {
  using features = Deno.openSync(`${folder}/X.npy`, { write: true, create: true, truncate: true });
  using labels = Deno.openSync(`${folder}/y.npy`, { write: true, create: true, truncate: true });
  features.writeSync(npyHeader("<f4", `${rows}, ${COLUMNS}`));
  labels.writeSync(npyHeader("|i1", `${rows},`));
  const random = randomStream(1, "rows like HIGGS");
  const piece = 10_000;
  for (let first = 0; first < rows; first += piece) {
    const height = Math.min(piece, rows - first);
    // The sum of three uniform numbers: a normal one takes three times as long.
    const x = Float32Array.from(
      { length: height * COLUMNS },
      () => 2 * (random.float() + random.float() + random.float()) - 3,
    );
    const y = new Int8Array(height);
    for (let row = 0; row < height; row++) {
      const own = x.subarray(row * COLUMNS, (row + 1) * COLUMNS);
      const signal = own[0] * own[1] + own[2] - own[20] + 0.5 * own[3] ** 2 - 0.5;
      y[row] = signal + 2 * random.float() - 1 > 0 ? 1 : 0;
      for (let column = 20; column < COLUMNS; column++) own[column] = Math.exp(own[column]);
    }
    for (const [file, array] of [[features, x], [labels, y]] as const) {
      const bytes = new Uint8Array(array.buffer);
      for (let done = 0; done < bytes.length;) done += file.writeSync(bytes.subarray(done));
    }
  }
}
