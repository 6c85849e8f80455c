/**
 * Sparse matrices in compressed form: patterns, random patterns, and draws among free positions.
 *
 * Only functions with "dense" in their name allocate an array of the dense matrix's size.
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
