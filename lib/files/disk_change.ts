/** A change of the disk. What is not flushed may be lost when the power fails, in part or as a whole. */
export type DiskChange =
  /** A new, empty file; or one that goes. */
  | { readonly kind: "create" | "remove"; readonly path: string }
  /** Bytes at a file's end. */
  | { readonly kind: "write"; readonly path: string; readonly bytes: Uint8Array }
  /** A file under another name, in place of what had that name. */
  | { readonly kind: "rename"; readonly path: string; readonly to: string }
  /** A file's bytes, or a folder's names, reach the disk. */
  | { readonly kind: "flush"; readonly path: string };

/** Hears of every change of the disk before it is made. For tests: it may throw, or end the process. */
export type DiskWatch = (change: DiskChange) => void;

/** Hears of changes and does nothing. */
export const unwatched: DiskWatch = () => {};
