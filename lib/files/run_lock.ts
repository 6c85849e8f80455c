/**
 * Allows one process per run folder. The lock is an advisory lock of the operating system on the file
 * `run.lock`. The system frees it however the process ends. The file's content only names the process.
 *
 * @module
 */
import { quotedPath } from "../messages.ts";
import { writeFully } from "./atomic_write.ts";
import { fileErrorCode, fileErrorReason } from "./file_error.ts";

/** A run folder held by this process. */
export interface RunLock extends Disposable {
  /** The lock file. */
  readonly path: string;
  /** Releases the folder. Calling it again does nothing. */
  release(): void;
}

/** Hooks for tests. */
export interface LockFaults {
  /** Replaces the system's lock. Returns `true` if the file could be locked. */
  readonly tryLock?: (file: Deno.FsFile) => boolean;
}

/**
 * Takes a run folder for this process until it is released or the process ends. Needs permission to read
 * and write the folder. On a file system without locks (some network file systems) the file itself is the
 * lock. It must be removed by hand after a process was killed.
 *
 * @param folder The run folder; created if it is missing.
 * @param faults Hooks for tests.
 * @throws {RunHeld} If another process holds the folder; the message names the process, its machine, and
 * the time.
 * @throws {Error} If the lock file cannot be written.
 *
 * @example Usage
 * ```ts
 * import { isRunHeld, lockRun } from "@sparsemble/sparsemble/files";
 * import assert from "node:assert/strict";
 *
 * const folder = Deno.makeTempDirSync();
 * {
 *   using _lock = lockRun(folder);
 *   assert.throws(() => lockRun(folder), /process \d+ .*has held it since/);
 * }
 * assert.equal(isRunHeld(folder), false);
 * ```
 */
export function lockRun(folder: string, faults: LockFaults = {}): RunLock {
  const path = `${folder}/run.lock`;
  const name = quotedPath(folder);
  const tryLock = faults.tryLock ?? ((file) => file.tryLockSync(true));
  try {
    Deno.mkdirSync(folder, { recursive: true });
    // Tries again if the holder released the lock, and so removed the file, between two of the steps below.
    for (let attempt = 0; attempt < 100; attempt++) {
      const opened = openLockFile(path);
      if (opened === null) continue;
      const { file, created } = opened;
      try {
        if (!lockFile(file, created, path, tryLock)) {
          throw new RunHeld(
            `Cannot use the run folder ${name}: ${holder(path)}, need it to end first`,
          );
        }
        if (!isStillAt(file, path)) {
          file.close();
          continue;
        }
      } catch (error) {
        file.close();
        throw error;
      }
      const lock = heldLock(file, path);
      try {
        writeHolder(file);
      } catch (error) {
        // A full disk would leave an empty file, which on a file system without locks is a lock.
        lock.release();
        throw error;
      }
      return lock;
    }
    throw new RunHeld(`Cannot use the run folder ${name}: other processes keep taking it`);
  } catch (cause) {
    if (cause instanceof RunHeld) throw cause;
    throw new Error(`Cannot lock the run folder ${name}: ${fileErrorReason(cause)}`, { cause });
  }
}

/**
 * The attempts to lock a file, and the milliseconds between them. {@linkcode isRunHeld} of another process
 * locks it for a moment, too.
 */
const ATTEMPTS = 20;
const PAUSE = 5;

/** The error for a run folder that another process holds. */
export class RunHeld extends Error {}

/**
 * Returns `true` if a process holds a run folder now. On a file system without locks this is so if the lock
 * file exists.
 *
 * @param folder The run folder; it need not exist.
 * @throws {Error} If the lock file cannot be opened, or is a link or a pipe.
 */
export function isRunHeld(folder: string): boolean {
  let file: Deno.FsFile;
  try {
    requireFile(`${folder}/run.lock`);
    file = Deno.openSync(`${folder}/run.lock`);
  } catch (cause) {
    if (["ENOENT", "ENOTDIR"].includes(fileErrorCode(cause) ?? "")) return false;
    const reason = fileErrorReason(cause);
    throw new Error(`Cannot look at the run folder ${quotedPath(folder)}: ${reason}`, { cause });
  }
  try {
    // A shared lock, so that two processes can look at the same time.
    return !file.tryLockSync(false);
  } catch {
    return true;
  } finally {
    file.close();
  }
}

function openLockFile(path: string): { file: Deno.FsFile; created: boolean } | null {
  try {
    const file = Deno.openSync(path, { createNew: true, read: true, write: true });
    return { file, created: true };
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
  try {
    requireFile(path);
    return { file: Deno.openSync(path, { read: true, write: true }), created: false };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return null;
  }
}

/** Refuses a symbolic link, whose target would be emptied, and a pipe, on which opening would wait. */
function requireFile(path: string): Deno.FileInfo {
  const found = Deno.lstatSync(path);
  if (found.isFile) return found;
  const kind = found.isSymlink ? "a symbolic link" : found.isDirectory ? "a folder" : "no file";
  throw new Error(`found ${kind} at ${quotedPath(path)}, need a file`);
}

function lockFile(
  file: Deno.FsFile,
  created: boolean,
  path: string,
  tryLock: (file: Deno.FsFile) => boolean,
): boolean {
  try {
    for (let attempt = 1; !tryLock(file); attempt++) {
      if (attempt === ATTEMPTS) return false;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
    }
    return true;
  } catch (cause) {
    if (created) return true;
    throw new RunHeld(
      `Cannot use the run folder of "${path}": this file system has no locks ` +
        `(${fileErrorReason(cause)}) and ${
          isEmpty(path)
            ? "found an empty lock file, as a crash or a full disk leaves it; if no process works in the folder"
            : `${holder(path)}; if that process has ended`
        }, remove the file`,
    );
  }
}

/** Returns `true` if the locked file is still the file at the path. */
function isStillAt(file: Deno.FsFile, path: string): boolean {
  const ours = file.statSync();
  try {
    const { dev, ino } = requireFile(path);
    return ours.dev === dev && ours.ino === ino;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return false;
  }
}

function writeHolder(file: Deno.FsFile): void {
  const write = (text: string): void => {
    file.truncateSync(0);
    file.seekSync(0, Deno.SeekMode.Start);
    writeFully(file, new TextEncoder().encode(text));
  };
  write("{}");
  // The time comes from that write, because nothing in lib/ reads the clock.
  const since = file.statSync().mtime?.toISOString();
  write(`${JSON.stringify({ pid: Deno.pid, host: hostName(), since })}\n`);
}

function heldLock(file: Deno.FsFile, path: string): RunLock {
  let held = true;
  const release = (): void => {
    if (!held) return;
    held = false;
    try {
      // The file is removed while it is still locked. Afterwards it may belong to another process.
      if (isStillAt(file, path)) Deno.removeSync(path);
    } catch {
      // A file that stays behind is not locked.
    } finally {
      file.close();
    }
  };
  return { path, release, [Symbol.dispose]: release };
}

function isEmpty(path: string): boolean {
  try {
    return Deno.statSync(path).size === 0;
  } catch {
    return false;
  }
}

/** Describes the process that wrote the lock file, as a part of a sentence. */
function holder(path: string): string {
  try {
    const { pid, host, since } = JSON.parse(Deno.readTextFileSync(path));
    if (Number.isSafeInteger(pid)) {
      const where = typeof host === "string" ? ` on "${host}"` : "";
      return `process ${pid}${where} has held it since ${since}`;
    }
  } catch {
    // The file is being written, or cannot be read while it is locked, as on Windows.
  }
  return "another process has held it (it did not say which)";
}

/** This machine's name, if the granted permissions suffice. */
function hostName(): string | null {
  const granted = (descriptor: Deno.PermissionDescriptor): boolean =>
    Deno.permissions.querySync(descriptor).state === "granted";
  if (granted({ name: "sys", kind: "hostname" })) return Deno.hostname();
  if (!granted({ name: "read", path: "/etc/hostname" })) return null;
  try {
    return Deno.readTextFileSync("/etc/hostname").trim();
  } catch {
    return null;
  }
}
