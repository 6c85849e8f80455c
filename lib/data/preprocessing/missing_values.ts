/**
 * Missing values, which are NaN in a table. A network gets the median of the training rows instead, and an
 * indicator input that is 1 where the value is missing.
 *
 * @module
 */

/** Counts the missing values of every column. */
export function missingCounts(features: Float32Array, rows: number, columns: number): Int32Array {
  const counts = new Int32Array(columns);
  for (let row = 0, i = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, i++) {
      if (Number.isNaN(features[i])) counts[column]++;
    }
  }
  return counts;
}

/**
 * Computes the median of a column without its missing values, like scikit-learn's `SimpleImputer`. For an
 * even number of values it is the mean of the two middle ones. It is 0 if all values are missing.
 *
 * @param features Length `rows` × `columns`, row after row.
 */
export function columnMedian(
  features: Float32Array,
  rows: number,
  columns: number,
  column: number,
): number {
  const values = new Float32Array(rows);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    const value = features[row * columns + column];
    if (!Number.isNaN(value)) values[count++] = value;
  }
  if (count === 0) return 0;
  const present = values.subarray(0, count);
  const middle = count >> 1;
  const upper = select(present, middle);
  if (count % 2 === 1) return upper;
  // After the selection, no earlier value is above the selected one.
  let lower = -Infinity;
  for (let i = 0; i < middle; i++) if (present[i] > lower) lower = present[i];
  return Math.fround((lower + upper) / 2);
}

/**
 * Fills missing values in place.
 *
 * @param values Length rows × `medians.length`, row after row.
 */
export function fillMissing(values: Float32Array, medians: Float32Array): void {
  for (let i = 0; i < values.length;) {
    for (let column = 0; column < medians.length; column++, i++) {
      if (Number.isNaN(values[i])) values[i] = medians[column];
    }
  }
}

/** The value of a rank, counted from 0; smaller ones end up before it (Hoare's selection). */
function select(values: Float32Array, rank: number): number {
  let from = 0;
  let to = values.length - 1;
  while (from < to) {
    const pivot = values[(from + to) >>> 1];
    let left = from;
    let right = to;
    while (left <= right) {
      while (values[left] < pivot) left++;
      while (values[right] > pivot) right--;
      if (left > right) break;
      const value = values[left];
      values[left++] = values[right];
      values[right--] = value;
    }
    if (rank <= right) to = right;
    else if (rank >= left) from = left;
    else break;
  }
  return values[rank];
}
