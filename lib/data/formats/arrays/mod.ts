/**
 * Tables in files of arrays: NumPy's NPY and NPZ, the IDX of MNIST, the MAT of MATLAB.
 *
 * @module
 */
export { readIdxTable } from "./idx_table.ts";
export { readMatTable } from "./mat_table.ts";
export { readNpyHeader, readNpyNumbers } from "./npy.ts";
export { readNpyLabels } from "./npy_rows.ts";
export { npyFile, readNpyTable } from "./npy_table.ts";
export { readNpzTable } from "./npz_table.ts";
