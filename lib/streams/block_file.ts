/**
 * Files of blocks. A block has a fixed number of rows of 32-bit floats with their targets; the last block
 * may have fewer. It holds the features of its rows, row after row, and then their targets, in this
 * machine's byte order.
 *
 * @module
 */
import { fileErrorReason } from "../files/mod.ts";
import { quotedPath } from "../messages.ts";
import { node } from "../node.ts";

/** The places of rows in a file of blocks. */
export interface BlockLayout {
  /** The number of rows. */
  readonly rows: number;
  /** The number of features of a row. */
  readonly columns: number;
  /** The number of rows of a block. The last block may have fewer. */
  readonly blockRows: number;
}

/** Targets in memory: codes of classes, or numbers. */
export type Targets = Int32Array | Float32Array;

/** The number of blocks. */
export function blockCount({ rows, blockRows }: BlockLayout): number {
  return Math.ceil(rows / blockRows);
}

/** The rows of one block. */
export function rowsOfBlock({ rows, blockRows }: BlockLayout, block: number): number {
  return Math.min(blockRows, rows - block * blockRows);
}

/** The number of bytes of rows with their targets. */
export function bytesOfRows(rows: number, columns: number): number {
  return 4 * rows * (columns + 1);
}

/** Writes a file of blocks, row by row. */
export interface BlockWriter extends Disposable {
  /** The number of rows so far. */
  readonly rows: number;
  /** The array for the features of the next row. They begin at `offset`. */
  readonly block: Float32Array;
  /** The place of the next row's first feature in `block`. */
  readonly offset: number;
  /** Ends the row. A NaN as its target leaves the row out. */
  add(target: number): void;
  /**
   * Ends the file: waits until it is on the disk, and gives it its name.
   *
   * @returns The SHA-256 of its bytes, in hexadecimal digits.
   */
  finish(): string;
  /** Removes the file if it is not finished. Safe to call twice. */
  dispose(): void;
}

/**
 * Begins a file of blocks. Until it is finished it has a temporary name.
 *
 * @param newTargets Makes the array for the targets of a block.
 * @param onBlock Called with the targets of every block before it is written.
 * @throws {Error} If the file cannot be written; the message says why.
 */
export function writeBlocks(
  path: string,
  columns: number,
  blockRows: number,
  newTargets: (rows: number) => Targets,
  onBlock: (targets: Targets) => void = () => {},
): BlockWriter {
  const { fs, path: { basename, dirname, join } } = node;
  const temporary = join(dirname(path), `.${basename(path)}.${Deno.pid}-0.tmp`);
  const hash = node.crypto.createHash("sha256");
  const targets = newTargets(blockRows);
  const block = new Float32Array(blockRows * columns);
  let file: number | null = null;
  let written = 0;
  let used = 0;

  const attempt = <T>(operation: () => T): T => {
    try {
      return operation();
    } catch (cause) {
      writer.dispose();
      const where = written > 0 ? ` (after ${written} bytes)` : "";
      throw new Error(`Cannot write ${quotedPath(path)}: ${fileErrorReason(cause)}${where}`, {
        cause,
      });
    }
  };

  function write(array: Float32Array | Int32Array): void {
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    hash.update(bytes);
    for (let from = 0; from < bytes.length;) {
      from += attempt(() =>
        fs.writeSync(file!, bytes, from, Math.min(2 ** 22, bytes.length - from))
      );
    }
    written += bytes.length;
  }

  function flush(): void {
    if (used === 0) return;
    onBlock(targets.subarray(0, used));
    write(block.subarray(0, used * columns));
    write(targets.subarray(0, used));
    used = 0;
    writer.offset = 0;
  }

  // Properties, not getters: they are asked for at every row.
  const writer = {
    rows: 0,
    block,
    offset: 0,
    add(target: number) {
      if (Number.isNaN(target)) return;
      targets[used++] = target;
      writer.rows++;
      writer.offset += columns;
      if (used === blockRows) flush();
    },
    finish() {
      flush();
      attempt(() => {
        fs.fsyncSync(file!);
        fs.closeSync(file!);
        file = null;
        fs.renameSync(temporary, path);
      });
      return hash.digest("hex");
    },
    dispose() {
      if (file === null) return;
      fs.closeSync(file);
      file = null;
      fs.rmSync(temporary, { force: true });
    },
    [Symbol.dispose]: () => writer.dispose(),
  };
  // A killed process with the same number may have left such a file.
  file = attempt(() => fs.openSync(temporary, "w"));
  return writer;
}

/** Reads a file of blocks. */
export interface BlockReader extends Disposable {
  /** The places of its rows. */
  readonly layout: BlockLayout;
  /**
   * Reads a block.
   *
   * @param features Receives the features of the block's rows, row after row.
   * @param targets Receives the targets of the block's rows.
   * @throws {Error} If the file ends too early, or cannot be read.
   */
  read(block: number, features: Float32Array, targets: Targets): void;
  /** Closes the file. Safe to call twice. */
  dispose(): void;
}

/**
 * Opens a file of blocks.
 *
 * @throws {Error} If the file cannot be opened, or its size does not fit the layout.
 */
export function openBlocks(path: string, layout: BlockLayout): BlockReader {
  const { fs } = node;
  const { rows, columns, blockRows } = layout;
  const begin = `Cannot read ${quotedPath(path)}`;
  const attempt = <T>(operation: () => T): T => {
    try {
      return operation();
    } catch (cause) {
      throw new Error(`${begin}: ${fileErrorReason(cause)}`, { cause });
    }
  };
  const file = attempt(() => fs.openSync(path, "r"));
  let isOpen = true;
  const dispose = () => {
    if (isOpen) fs.closeSync(file);
    isOpen = false;
  };
  const wanted = bytesOfRows(rows, columns);
  const { size } = attempt(() => fs.fstatSync(file));
  if (size !== wanted) {
    dispose();
    throw new Error(
      `${begin}: found ${size} bytes, need ${wanted} of ${rows} rows and ${columns} columns`,
    );
  }
  const fill = (array: Targets, from: number) => {
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    for (let done = 0; done < bytes.length;) {
      const part = attempt(() => fs.readSync(file, bytes, done, bytes.length - done, from + done));
      if (part === 0) {
        throw new Error(`${begin}: found its end after ${from + done} bytes, need ${wanted}`);
      }
      done += part;
    }
  };
  return {
    layout,
    read(block, features, targets) {
      const from = bytesOfRows(block * blockRows, columns);
      const count = rowsOfBlock(layout, block);
      fill(features.subarray(0, count * columns), from);
      fill(targets.subarray(0, count), from + 4 * count * columns);
    },
    dispose,
    [Symbol.dispose]: dispose,
  };
}

/** The SHA-256 of a file's bytes, in hexadecimal digits. The file is read in pieces. */
export function fileDigest(path: string): string {
  const { fs, crypto } = node;
  const hash = crypto.createHash("sha256");
  const file = fs.openSync(path, "r");
  try {
    const piece = new Uint8Array(2 ** 20);
    for (let count; (count = fs.readSync(file, piece, 0, piece.length, null)) > 0;) {
      hash.update(piece.subarray(0, count));
    }
  } finally {
    fs.closeSync(file);
  }
  return hash.digest("hex");
}
