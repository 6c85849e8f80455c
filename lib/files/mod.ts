/**
 * Files that are never half written: atomic writes, locks, digests, and the safetensors format.
 *
 * @module
 */
export {
  ensureWritableFolder,
  removeAbandonedFiles,
  type WriteFaults,
  writeFileAtomically,
} from "./atomic_write.ts";
export { addContentDigest, checkContentDigest } from "./content_digest.ts";
export { pathOfFileUrl } from "./file_address.ts";
export { fileErrorCode, fileErrorReason } from "./file_error.ts";
export { isRunHeld, type LockFaults, lockRun, RunHeld, type RunLock } from "./run_lock.ts";
export {
  decodeSafetensors,
  encodeSafetensors,
  readSafetensors,
  readSafetensorsHeader,
  type ReadSafetensorsOptions,
  type Safetensors,
  type Tensor,
  type TensorArrays,
} from "./safetensors.ts";
export type { Dtype, SafetensorsHeader, TensorEntry } from "./safetensors_header.ts";
