/**
 * The reason why an operation on a file failed, such as `the disk is full`.
 *
 * @param cause The error of `node:fs` or Deno.
 */
export function fileErrorReason(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  if (globalThis.Deno === undefined && cause instanceof ReferenceError) {
    return "found no Deno; elsewhere a file's bytes go through encodeModel and encodeSafetensors, or back " +
      "through decodeSafetensors and decodeModel";
  }
  if (cause.name === "NotCapable") return `permission is missing: ${cause.message}`;
  const code = fileErrorCode(cause);
  return (code !== undefined && reasons[code]) || cause.message;
}

/** The system's name of an error, such as `"ENOSPC"`, if it has one. */
export function fileErrorCode(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined;
  const { code } = cause as { code?: unknown };
  if (typeof code === "string") return code;
  // Deno gives less usual errors a number instead of a name.
  const number = /\(os error (\d+)\)/.exec(cause.message)?.[1];
  return number === undefined || Deno.build.os !== "linux" ? undefined : linuxNumbers[number];
}

const reasons: Record<string, string> = {
  EACCES: "the system denies access to it",
  EBUSY: "another process is using it",
  EDQUOT: "the disk quota is used up",
  EEXIST: "something of that name is there already",
  EFBIG: "the file is larger than the system allows",
  EIO: "the disk reported an input/output error",
  EISDIR: "there is a folder of that name",
  ELOOP: "its symbolic links lead back to themselves",
  EMFILE: "too many files are open",
  ENAMETOOLONG: "the name is too long",
  ENOENT: "there is no such file or folder",
  ENOSPC: "the disk is full",
  ENOTDIR: "a part of the path is a file, not a folder",
  ENOTEMPTY: "there is a folder of that name",
  EPERM: "the system denies access to it",
  EROFS: "the file system is read-only",
  ETXTBSY: "another process is using it",
};

const linuxNumbers: Record<string, string> = {
  "5": "EIO",
  "27": "EFBIG",
  "28": "ENOSPC",
  "30": "EROFS",
  "122": "EDQUOT",
};
