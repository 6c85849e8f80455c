/**
 * A change of the disk. A change that is not flushed may be lost in part or completely when the power
 * fails.
 */
export type DiskChange =
  /** A new, empty file is created; or a file is removed. */
  | { readonly kind: "create" | "remove"; readonly path: string }
  /** Bytes are appended to a file. */
  | { readonly kind: "write"; readonly path: string; readonly bytes: Uint8Array }
  /** A file gets another name, and replaces the file that had that name. */
  | { readonly kind: "rename"; readonly path: string; readonly to: string }
  /** A file's bytes, or a folder's names, are flushed to the disk. */
  | { readonly kind: "flush"; readonly path: string };

/** Called with every change of the disk before it is made. For tests: it may throw, or end the process. */
export type DiskWatch = (change: DiskChange) => void;

/** Ignores all changes. */
export const unwatched: DiskWatch = () => {};
