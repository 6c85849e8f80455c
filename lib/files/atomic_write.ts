/**
 * Files that are there in full or not at all. What stood at a path before stays readable until the
 * new content is on the disk, whatever happens in between: a full disk, SIGKILL, a power cut.
 *
 * @module
 */
import { fileErrorCode, fileErrorReason } from "./file_error.ts";
import { node } from "../node.ts";

/** Places where a test can step in. Never given outside of tests. */
export interface WriteFaults {
  /** Called when the temporary file is complete and on the disk, and the old file still stands. */
  readonly beforeRename?: () => void;
}

/**
 * Replaces a file in one step: writes a temporary file in the same folder (`.NAME.PID-COUNT.tmp`),
 * flushes it to the disk, renames it over the old one, and flushes the folder. Needs permission to
 * read and write the folder. A symbolic link at `path` is replaced, not followed.
 *
 * @param path Where the file is to stand.
 * @param content Text, bytes, or pieces of bytes in order. Shared memory is allowed.
 * @param faults For tests.
 * @throws {Error} If it cannot be written; the message says why, `cause` has the system's error. What
 * stood at `path` before is unchanged and no temporary file is left. What `content` itself throws
 * while it is iterated is passed on as it is.
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
  faults: WriteFaults = {},
): void {
  let written = 0;
  const attempt = <T>(operation: () => T): T => {
    try {
      return operation();
    } catch (cause) {
      const where = written > 0 ? ` (after ${written} bytes)` : "";
      throw new Error(`Cannot write "${path}": ${fileErrorReason(cause)}${where}`, { cause });
    }
  };
  // Opened first: once the rename has happened it is too late to find out that it may not be.
  const folder = attempt(() => openFolder(node.path.dirname(path)));
  try {
    const temporary = attempt(() => createTemporary(path));
    try {
      try {
        for (const bytes of pieces(content)) {
          attempt(() => writeFully(temporary.file, bytes));
          written += bytes.length;
        }
        attempt(() => temporary.file.syncSync());
      } finally {
        temporary.file.close();
      }
      faults.beforeRename?.();
      attempt(() => Deno.renameSync(temporary.path, path));
    } catch (error) {
      removeIfThere(temporary.path);
      throw error;
    }
    attempt(() => flushFolder(folder));
  } finally {
    folder?.close();
  }
}

/**
 * Creates a folder where it is missing, and proves that files of a given size can be written there,
 * by writing one, flushing it and removing it. Done before a run begins, so that a full disk, a quota
 * or a read-only file system is noticed then and not hours later.
 *
 * @param path The folder.
 * @param bytes How much room is needed. So much is really written, for a moment.
 * @throws {Error} If the folder cannot be made or so much cannot be written; the message says why and
 * how many bytes found room.
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
export function ensureWritableFolder(path: string, bytes = 65536): void {
  if (!Number.isSafeInteger(bytes) || bytes < 0) {
    throw new RangeError(`Cannot look for room for ${bytes} bytes: need a whole number from 0`);
  }
  try {
    Deno.mkdirSync(path, { recursive: true });
  } catch (cause) {
    // With `recursive`, "something is there already" means something that is no folder.
    const reason = fileErrorCode(cause) === "EEXIST"
      ? "there is a file of that name"
      : fileErrorReason(cause);
    throw new Error(`Cannot create the folder "${path}": ${reason}`, { cause });
  }
  let written = 0;
  try {
    openFolder(path)?.close();
    const probe = createTemporary(`${path}/probe`);
    try {
      const block = incompressibleBlock();
      while (written < bytes) {
        const piece = block.subarray(0, Math.min(block.length, bytes - written));
        writeFully(probe.file, piece);
        written += piece.length;
      }
      probe.file.syncSync();
    } finally {
      probe.file.close();
      removeIfThere(probe.path);
    }
  } catch (cause) {
    const full = ["ENOSPC", "EDQUOT", "EFBIG"].includes(fileErrorCode(cause) ?? "");
    throw new Error(
      `Cannot write into the folder "${path}": ${fileErrorReason(cause)}` +
        (full ? `: found room for ${written} bytes, need ${bytes}` : ""),
      { cause },
    );
  }
}

/**
 * Removes the temporary files that processes left in a folder when they were killed in the middle of
 * {@linkcode writeFileAtomically}. Only for a folder nobody else is writing to: lock it first.
 *
 * @returns The names of the removed files.
 * @throws {Error} If the folder cannot be read or a file not removed.
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
export function removeAbandonedFiles(folder: string): string[] {
  try {
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name)
      .filter((name) => /^\..+\.\d+-\d+\.tmp$/.test(name)).sort();
    for (const name of names) removeIfThere(`${folder}/${name}`);
    return names;
  } catch (cause) {
    throw new Error(
      `Cannot remove abandoned files from "${folder}": ${fileErrorReason(cause)}`,
      { cause },
    );
  }
}

let temporaries = 0;

function createTemporary(path: string): { file: Deno.FsFile; path: string } {
  // Cut, so that the longest name that is allowed leaves room for what is added here.
  const name = [...node.path.basename(path)].slice(0, 40).join("");
  for (;;) {
    const temporary = `${node.path.dirname(path)}/.${name}.${Deno.pid}-${temporaries++}.tmp`;
    try {
      const file = Deno.openSync(temporary, { write: true, createNew: true });
      return { file, path: temporary };
    } catch (error) {
      // Left behind by a killed process that had the same number, as happens in containers.
      if (fileErrorCode(error) !== "EEXIST") throw error;
    }
  }
}

function* pieces(content: string | Uint8Array | Iterable<Uint8Array>): Iterable<Uint8Array> {
  if (typeof content === "string") yield new TextEncoder().encode(content);
  else if (content instanceof Uint8Array) yield content;
  else yield* content;
}

function writeFully(file: Deno.FsFile, bytes: Uint8Array): void {
  let offset = 0;
  while (offset < bytes.length) {
    // A megabyte at a time: a system call may refuse two gigabytes at once.
    const end = Math.min(bytes.length, offset + 2 ** 20);
    offset += file.writeSync(bytes.subarray(offset, end));
  }
}

/** The folder, or `null` on Windows, where a folder cannot be flushed. */
function openFolder(path: string): Deno.FsFile | null {
  return Deno.build.os === "windows" ? null : Deno.openSync(path);
}

function flushFolder(folder: Deno.FsFile | null): void {
  try {
    folder?.syncSync();
  } catch (error) {
    // Some network file systems cannot; there is nothing more to be done on those.
    if (!["EINVAL", "ENOTSUP", "EOPNOTSUPP"].includes(fileErrorCode(error) ?? "")) throw error;
  }
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (fileErrorCode(error) !== "ENOENT") throw error;
  }
}

/** 64 KiB that a compressing file system cannot make smaller. */
function incompressibleBlock(): Uint8Array {
  const words = new Uint32Array(16384);
  let state = 0x9e3779b9;
  for (let i = 0; i < words.length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[i] = state;
  }
  return new Uint8Array(words.buffer);
}
