import { node } from "../../node.ts";
import { quotedPath } from "../../messages.ts";

/** What a download that was cut is known by, so that the rest comes from the same file. */
interface Origin {
  readonly address: string;
  /** The server's word for this version of the file, or `null`. */
  readonly version: string | null;
}

/** The beginning of a file that is being downloaded, kept beside its place as `NAME.part`. */
export interface PartialFile {
  /** Its bytes so far. */
  readonly bytes: number;
  /** The version of the file it began with, or `null`. */
  readonly version: string | null;
  /** SHA-256 of its bytes. */
  digest(): string;
  /** Adds bytes. */
  append(piece: Uint8Array): Promise<void>;
  /** Forgets all bytes and begins with another version. */
  restart(version: string | null): Promise<void>;
  /** Flushes it to the disk and gives it its name. */
  complete(): Promise<void>;
  /** Removes it. */
  discard(): Promise<void>;
  /** Closes it; what there is can be gone on with later. */
  close(): void;
}

/**
 * Opens what there is of a download, or an empty file.
 *
 * @param path The place of the whole file.
 * @param address Where it comes from: what came from elsewhere is not gone on with.
 * @throws {Error} If it cannot be opened, or another process is at it.
 */
export async function openPartialFile(path: string, address: string): Promise<PartialFile> {
  const partPath = `${path}.part`;
  const originPath = `${path}.part.json`;
  const file = await Deno.open(partPath, { read: true, write: true, create: true }).catch(
    (cause) => {
      if (cause instanceof Deno.errors.NotCapable) throw cause;
      throw new Error(`Cannot write ${quotedPath(partPath)}: ${cause.message}`, { cause });
    },
  );
  let hash = node.crypto.createHash("sha256");
  let bytes = 0;
  let origin = await readOrigin(originPath);
  try {
    if (!await file.tryLock(true)) {
      throw new Error(
        `Cannot write ${quotedPath(partPath)}: found another process downloading it, need to wait`,
      );
    }
    if (origin?.address !== address) {
      await file.truncate(0);
      origin = null;
    }
    const buffer = new Uint8Array(2 ** 18);
    for (let read; (read = await file.read(buffer)) !== null; bytes += read) {
      hash.update(buffer.subarray(0, read));
    }
  } catch (error) {
    file.close();
    throw error;
  }
  let closed = false;

  const close = () => {
    if (!closed) file.close();
    closed = true;
  };
  return {
    get bytes() {
      return bytes;
    },
    get version() {
      return origin?.version ?? null;
    },
    digest: () => hash.copy().digest("hex"),
    async append(piece) {
      for (let offset = 0; offset < piece.length;) {
        offset += await file.write(piece.subarray(offset));
      }
      hash.update(piece);
      bytes += piece.length;
    },
    async restart(version) {
      await file.truncate(0);
      await file.seek(0, Deno.SeekMode.Start);
      hash = node.crypto.createHash("sha256");
      bytes = 0;
      origin = { address, version };
      await Deno.writeTextFile(originPath, JSON.stringify(origin));
    },
    async complete() {
      await file.sync();
      await Deno.rename(partPath, path);
      await removeIfThere(originPath);
    },
    async discard() {
      close();
      await removeIfThere(partPath);
      await removeIfThere(originPath);
    },
    close,
  };
}

async function readOrigin(path: string): Promise<Origin | null> {
  try {
    const found = JSON.parse(await Deno.readTextFile(path));
    return typeof found?.address === "string" ? found : null;
  } catch {
    // None, or one that was cut while it was written: then the download begins anew.
    return null;
  }
}

/** Removes a file, or nothing. */
export async function removeIfThere(path: string): Promise<void> {
  await Deno.remove(path).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}
