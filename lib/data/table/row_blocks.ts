/** Rows are collected in blocks of at least one row and about so many floats (4 MiB). */
const BLOCK_FLOATS = 2 ** 20;

/** Collects rows of which nobody knows how many there will be. */
export interface RowBlocks {
  /** The number of rows that were added. */
  readonly rows: number;
  /** The numbers of the row that is being written: write `width` of them from `offset` on. */
  readonly block: Float32Array;
  /** Where that row begins. */
  readonly offset: number;
  /** Ends the row. */
  add(label: number): void;
  /** All rows, joined. Call it once. */
  take(): { features: Float32Array; labels: Int32Array };
}

/** An empty collection of rows of `width` numbers. */
export function rowBlocks(width: number): RowBlocks {
  const height = Math.max(1, Math.floor(BLOCK_FLOATS / Math.max(1, width)));
  const blocks: Float32Array[] = [];
  const labels: number[] = [];
  let block = new Float32Array(Math.min(height, 64) * width);
  let used = 0;
  return {
    get rows() {
      return labels.length;
    },
    get block() {
      return block;
    },
    get offset() {
      return used;
    },
    add(label) {
      labels.push(label);
      used += width;
      if (used < block.length) return;
      blocks.push(block);
      block = new Float32Array(Math.min(height, Math.max(64, labels.length)) * width);
      used = 0;
    },
    take() {
      const features = new Float32Array(labels.length * width);
      blocks.push(block.subarray(0, used));
      let offset = 0;
      for (let k = 0; k < blocks.length; k++) {
        features.set(blocks[k], offset);
        offset += blocks[k].length;
        blocks[k] = new Float32Array(0);
      }
      return { features, labels: Int32Array.from(labels) };
    },
  };
}
