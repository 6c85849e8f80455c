/**
 * Sparse matrices in compressed form: patterns, blocks, random patterns, and draws among free positions.
 *
 * Only functions with "dense" in their name allocate an array of the dense matrix's size.
 *
 * @module
 */
export * from "./allocation.ts";
export { barabasiAlbert } from "./barabasi_albert.ts";
export * from "./blocks.ts";
export * from "./constant_fan_in.ts";
export * from "./csr.ts";
export * from "./epsilon_for_density.ts";
export * from "./erdos_renyi.ts";
export * from "./free_positions.ts";
export * from "./open_uniform.ts";
export * from "./overlap.ts";
export {
  checkPattern,
  type Degrees,
  degrees,
  nnz,
  type Pattern,
  validatePattern,
} from "./pattern.ts";
export * from "./positions.ts";
export * from "./sequential_sampling.ts";
export { type TransposeIndex, transposeIndex } from "./transpose_index.ts";
export * from "./watts_strogatz.ts";
