/**
 * Sparse matrices in compressed form: patterns, their random drawing, and positions that are free.
 *
 * Nothing here allocates an array of the size of the dense matrix, but where the name says dense.
 *
 * @module
 */
export {
  checkCsr,
  type Coo,
  type Csr,
  csrFromCoo,
  csrFromDense,
  csrToCoo,
  csrToDense,
  transposeCsr,
  validateCsr,
} from "./csr.ts";
export { epsilonForDensity } from "./epsilon_for_density.ts";
export { density, erdosRenyi } from "./erdos_renyi.ts";
export { countFree, freePositions, sampleFree, sampleFreeEvenly } from "./free_positions.ts";
export { openUniform } from "./open_uniform.ts";
export { jaccardDistance, overlap, unionOfPatterns } from "./overlap.ts";
export {
  checkPattern,
  type Degrees,
  degrees,
  nnz,
  type Pattern,
  validatePattern,
} from "./pattern.ts";
export { checkPositions, patternFromPositions, positionsOf } from "./positions.ts";
export { sampleSorted } from "./sequential_sampling.ts";
export { type TransposeIndex, transposeIndex } from "./transpose_index.ts";
