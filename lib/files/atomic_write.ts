/**
 * Files that exist in full or not at all. The old file stays readable until the new content is on the
 * disk, even if the disk is full, the process is killed or the power fails.
 *
 * @module
 */
import { type DiskWatch, unwatched } from "./disk_change.ts";
import { fileErrorCode, fileErrorReason } from "./file_error.ts";
import { quotedPath } from "../messages.ts";
import { node } from "../node.ts";

/**
 * Replaces a file in one step: writes a temporary file in the same folder (`.NAME.PID-COUNT.tmp`),
 * flushes it to the disk, renames it over the old one, and flushes the folder. Needs permission to
 * read and write the folder. A symbolic link at `path` is replaced, not followed.
 *
 * @param path The file.
 * @param content Text, bytes, or pieces of bytes in order. Shared memory is allowed.
 * @param watch Called before every change of the disk.
 * @throws {Error} If the file cannot be written; the message says why, and `cause` is the system's error.
 * The old file is unchanged then, and no temporary file is left. Errors that iterating `content` throws
 * are passed on unchanged.
 *
 * @example Usage
 * ```ts
 * import { writeFileAtomically } from "@sparsemble/sparsemble/files";
 * import assert from "node:assert/strict";
 *
 * const path = `${Deno.makeTempDirSync()}/record.json`;
 * writeFileAtomically(path, '{"accuracy": 0.75}');
 * assert.equal(Deno.readTextFileSync(path), '{"accuracy": 0.75}');
 * ```
 */
export function writeFileAtomically(
  path: string,
  content: string | Uint8Array | Iterable<Uint8Array>,
  watch: DiskWatch = unwatched,
): void {
  const text = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const pieces = text instanceof Uint8Array ? [text] : text;
  using file = beginFile(path, watch);
  for (const bytes of pieces) file.write(bytes);
  file.finish();
}

/** A file that grows under a temporary name. If it is disposed of before `finish`, no file is left. */
export interface GrowingFile extends Disposable {
  /** Appends bytes. */
  write(bytes: Uint8Array): void;
  /** Flushes the file to the disk, and gives it its name. */
  finish(): void;
}

/**
 * Begins a file that replaces another one in one step at its end, as {@linkcode writeFileAtomically} does.
 *
 * @throws {Error} If it cannot be created. Writing and finishing throw as well; the old file is unchanged then, and no
 * temporary file is left.
 *
 * @example Usage
 * ```ts
 * import { beginFile } from "@sparsemble/sparsemble/files";
 * import assert from "node:assert/strict";
 *
 * const path = `${Deno.makeTempDirSync()}/long.csv`;
 * {
 *   using file = beginFile(path);
 *   for (const line of ["a\n", "1\n"]) file.write(new TextEncoder().encode(line));
 *   file.finish();
 * }
 * assert.equal(Deno.readTextFileSync(path), "a\n1\n");
 * ```
 */
export function beginFile(path: string, watch: DiskWatch = unwatched): GrowingFile {
  let written = 0;
  const attempt = <T>(operation: () => T): T => {
    try {
      return operation();
    } catch (cause) {
      const where = written > 0 ? ` (after ${written} bytes)` : "";
      throw new Error(`Cannot write ${quotedPath(path)}: ${fileErrorReason(cause)}${where}`, {
        cause,
      });
    }
  };
  // Opened before the rename: a folder that cannot be opened is an error while the old file still exists.
  const folder = attempt(() => openFolder(node.path.dirname(path)));
  let temporary: ReturnType<typeof createTemporary>;
  try {
    temporary = attempt(() => createTemporary(path));
  } catch (error) {
    folder?.close();
    throw error;
  }
  let state: "open" | "closed" | "renamed" | "disposed" = "open";
  const file: GrowingFile = {
    write(bytes) {
      watch({ kind: "write", path: temporary.path, bytes });
      attempt(() => writeFully(temporary.file, bytes));
      written += bytes.length;
    },
    finish() {
      watch({ kind: "flush", path: temporary.path });
      attempt(() => temporary.file.syncSync());
      // Closed before the rename, as Windows demands.
      temporary.file.close();
      state = "closed";
      watch({ kind: "rename", path: temporary.path, to: path });
      attempt(() => Deno.renameSync(temporary.path, path));
      state = "renamed";
      watch({ kind: "flush", path: node.path.dirname(path) });
      attempt(() => flushFolder(folder));
    },
    [Symbol.dispose]() {
      if (state === "open") temporary.file.close();
      if (state === "open" || state === "closed") node.fs.rmSync(temporary.path, { force: true });
      if (state !== "disposed") folder?.close();
      state = "disposed";
    },
  };
  try {
    watch({ kind: "create", path: temporary.path });
    return file;
  } catch (error) {
    file[Symbol.dispose]();
    throw error;
  }
}

/**
 * Creates a folder if it is missing, and checks that a file of a given size can be written there: it
 * writes one, flushes it and removes it. Called before a run begins, so that a full disk, a quota or a
 * read-only file system does not end the run hours later.
 *
 * @param path The folder.
 * @param bytes The size of the file.
 * @throws {Error} If the folder cannot be created or the file cannot be written; the message says why.
 * @throws {RangeError} If `bytes` is not an integer from 0.
 *
 * @example Usage
 * ```ts
 * import { ensureWritableFolder } from "@sparsemble/sparsemble/files";
 * import assert from "node:assert/strict";
 *
 * const folder = `${Deno.makeTempDirSync()}/runs/first`;
 * ensureWritableFolder(folder, 1_000_000);
 * assert.deepEqual([...Deno.readDirSync(folder)], []);
 * ```
 */
export function ensureWritableFolder(
  path: string,
  bytes = 65536,
  watch: DiskWatch = unwatched,
): void {
  if (!Number.isSafeInteger(bytes) || bytes < 0) {
    throw new RangeError(`Cannot look for room for ${bytes} bytes: need a whole number from 0`);
  }
  try {
    Deno.mkdirSync(path, { recursive: true });
  } catch (cause) {
    // With `recursive`, the error EEXIST means that something other than a folder has this name.
    const reason = fileErrorCode(cause) === "EEXIST"
      ? "there is a file of that name"
      : fileErrorReason(cause);
    throw new Error(`Cannot create the folder ${quotedPath(path)}: ${reason}`, { cause });
  }
  flushParent(path, watch);
  let written = 0;
  try {
    openFolder(path)?.close();
    const probe = createTemporary(`${path}/probe`);
    try {
      using file = probe.file;
      // The bytes are random, so that a file system with compression cannot make the file smaller.
      const block = crypto.getRandomValues(new Uint8Array(65536));
      while (written < bytes) {
        const piece = block.subarray(0, Math.min(block.length, bytes - written));
        writeFully(file, piece);
        written += piece.length;
      }
      file.syncSync();
    } finally {
      node.fs.rmSync(probe.path, { force: true });
    }
  } catch (cause) {
    const full = ["ENOSPC", "EDQUOT", "EFBIG"].includes(fileErrorCode(cause) ?? "");
    throw new Error(
      `Cannot write into the folder ${quotedPath(path)}: ${fileErrorReason(cause)}` +
        (full ? `: found room for ${written} bytes, need ${bytes}` : ""),
      { cause },
    );
  }
}

/**
 * Removes the temporary files of processes that were killed during {@linkcode writeFileAtomically}. Lock
 * the folder first: a file that another process is writing would be removed too.
 *
 * @returns The names of the removed files.
 * @throws {Error} If the folder cannot be read or a file cannot be removed.
 *
 * @example Usage
 * ```ts
 * import { removeAbandonedFiles } from "@sparsemble/sparsemble/files";
 * import assert from "node:assert/strict";
 *
 * const folder = Deno.makeTempDirSync();
 * Deno.writeTextFileSync(`${folder}/.record.json.4711-0.tmp`, "half a rec");
 * assert.deepEqual(removeAbandonedFiles(folder), [".record.json.4711-0.tmp"]);
 * ```
 */
export function removeAbandonedFiles(folder: string, watch: DiskWatch = unwatched): string[] {
  try {
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name)
      .filter((name) => /^\..+\.\d+-\d+\.tmp$/.test(name)).sort();
    for (const name of names) {
      watch({ kind: "remove", path: `${folder}/${name}` });
      node.fs.rmSync(`${folder}/${name}`, { force: true });
    }
    return names;
  } catch (cause) {
    throw new Error(
      `Cannot remove abandoned files from ${quotedPath(folder)}: ${fileErrorReason(cause)}`,
      { cause },
    );
  }
}

/**
 * Waits until the bytes appended to a file are on the disk. It is called before something is written that
 * relies on them.
 *
 * @throws {Error} If the disk reports an error; the message says why. A missing file is not an error.
 *
 * @example Usage
 * ```ts
 * import { flushFile } from "@sparsemble/sparsemble/files";
 * import assert from "node:assert/strict";
 *
 * const path = `${Deno.makeTempDirSync()}/events.jsonl`;
 * Deno.writeTextFileSync(path, '{"epoch": 1}\n', { append: true });
 * flushFile(path);
 * assert.equal(Deno.readTextFileSync(path), '{"epoch": 1}\n');
 * ```
 */
export function flushFile(path: string, watch: DiskWatch = unwatched): void {
  try {
    watch({ kind: "flush", path });
    using file = Deno.openSync(path, { append: true });
    file.syncSync();
  } catch (cause) {
    if (fileErrorCode(cause) === "ENOENT") return;
    throw new Error(`Cannot write ${quotedPath(path)}: ${fileErrorReason(cause)}`, { cause });
  }
}

let temporaries = 0;

function createTemporary(path: string): { file: Deno.FsFile; path: string } {
  // The name is cut, so that it stays within the system's limit with the additions below.
  const name = [...node.path.basename(path)].slice(0, 40).join("");
  for (;;) {
    const temporary = `${node.path.dirname(path)}/.${name}.${Deno.pid}-${temporaries++}.tmp`;
    try {
      const file = Deno.openSync(temporary, { write: true, createNew: true });
      return { file, path: temporary };
    } catch (error) {
      // A killed process with the same PID left the file, as happens in containers.
      if (fileErrorCode(error) !== "EEXIST") throw error;
    }
  }
}

/** Writes all bytes, a megabyte at a time, because a system call may refuse two gigabytes. */
export function writeFully(file: Deno.FsFile, bytes: Uint8Array): void {
  for (let offset = 0; offset < bytes.length;) {
    offset += file.writeSync(bytes.subarray(offset, offset + 2 ** 20));
  }
}

/** The folder, or `null` on Windows, where a folder cannot be flushed. */
function openFolder(path: string): Deno.FsFile | null {
  return Deno.build.os === "windows" ? null : Deno.openSync(path);
}

/**
 * Flushes a folder's name to the disk. Without permission for the parent, this process did not create the
 * folder.
 */
function flushParent(path: string, watch: DiskWatch): void {
  const above = node.path.dirname(node.path.resolve(path));
  try {
    using parent = openFolder(above);
    watch({ kind: "flush", path: above });
    flushFolder(parent);
  } catch (error) {
    const isDenied = (error as Error).name === "NotCapable" || fileErrorCode(error) === "EACCES";
    if (!isDenied) throw error;
  }
}

function flushFolder(folder: Deno.FsFile | null): void {
  try {
    folder?.syncSync();
  } catch (error) {
    // Some network file systems cannot flush a folder.
    if (!["EINVAL", "ENOTSUP", "EOPNOTSUPP"].includes(fileErrorCode(error) ?? "")) throw error;
  }
}
