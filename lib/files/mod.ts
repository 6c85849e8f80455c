/**
 * Files that are never half written: atomic writes, locks, digests, and the safetensors format.
 *
 * @module
 */
export {
  beginFile,
  ensureWritableFolder,
  flushFile,
  type GrowingFile,
  removeAbandonedFiles,
  writeFileAtomically,
} from "./atomic_write.ts";
export * from "./content_digest.ts";
export type { DiskChange, DiskWatch } from "./disk_change.ts";
export * from "./file_address.ts";
export * from "./file_error.ts";
export * from "./run_lock.ts";
export * from "./safetensors.ts";
export type { Dtype, SafetensorsHeader, TensorEntry } from "./safetensors_header.ts";
export * from "./text_file.ts";
