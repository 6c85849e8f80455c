/**
 * Downloads that may be cut at any time: what came is kept beside the file's place and gone on with,
 * and the file has its name only once it is whole and has the right checksum.
 *
 * @module
 */
import { node } from "../../node.ts";
import { quotedPath } from "../../messages.ts";
import { openPartialFile, type PartialFile } from "./partial_file.ts";
import { fetchFollowing } from "./redirects.ts";

/** What happens during a download. */
export type DownloadEvent =
  /** Bytes came. `bytesTotal` is `null` where the server does not say. */
  | { readonly type: "bytes"; readonly bytes: number; readonly bytesTotal: number | null }
  /** The download goes on where an earlier one was cut, after so many bytes. */
  | { readonly type: "resumed"; readonly bytes: number }
  /** What there was is of no use, and the download begins anew. */
  | { readonly type: "restarted"; readonly reason: string }
  /** The connection failed, and the next attempt is made. */
  | { readonly type: "retry"; readonly reason: string; readonly attempt: number };

/** How to download. */
export interface DownloadOptions {
  /** SHA-256 of the file, or `null` where it is unknown. */
  readonly sha256: string | null;
  /** Stops; what came is kept. */
  readonly signal?: AbortSignal | undefined;
  /** Called with everything that happens. */
  readonly onEvent?: ((event: DownloadEvent) => void) | undefined;
  /** How often to try again after a failed connection that brought nothing new. Default: 3. */
  readonly retries?: number | undefined;
  /** Milliseconds before the first of those; every further one waits twice as long. Default: 1000. */
  readonly pause?: number | undefined;
}

/** A failure that may be over the next moment. */
class PassingFailure extends Error {}

/**
 * Downloads a file. Redirects are followed. Until it is whole it is called `NAME.part`, with
 * `NAME.part.json` beside it; a later download of the same address goes on with it, where the server
 * can (`Range`) and still has the same version. A whole file that is there already is not downloaded
 * again. Needs permission to read and write the folder and for
 * every host on the way.
 *
 * @param address Where it is.
 * @param path Where it is to stand.
 * @returns The file's size and SHA-256.
 * @throws {Error} If it cannot be had, is not the one with the checksum (nothing is kept then), or
 * cannot be written.
 * @throws What the signal was aborted with.
 */
export async function download(
  address: string,
  path: string,
  options: DownloadOptions,
): Promise<{ bytes: number; sha256: string }> {
  const { sha256, signal, onEvent } = options;
  signal?.throwIfAborted();
  const there = await wholeFile(path);
  if (there !== null && (sha256 === null || there.sha256 === sha256)) return there;
  const part = await openPartialFile(path, address);
  try {
    // With a checksum, what there was may be taken for good and found wrong only at the end.
    for (let again = true;; again = false) {
      const resumed = await receiveAll(address, part, options);
      const found = part.digest();
      if (sha256 === null || found === sha256) {
        await part.complete();
        return { bytes: part.bytes, sha256: found };
      }
      if (!resumed || !again) {
        await part.discard();
        throw new Error(
          `Cannot use ${quotedPath(address)}: found ${part.bytes} bytes with SHA-256 ${found}, ` +
            `need ${sha256}; nothing was kept`,
        );
      }
      onEvent?.({ type: "restarted", reason: "the parts do not make the right file" });
      await part.restart(null);
    }
  } catch (error) {
    if (part.bytes === 0) await part.discard();
    throw error;
  } finally {
    part.close();
  }
}

/** A file that was downloaded before, or `null`: what has its name was received in full. */
async function wholeFile(path: string): Promise<{ bytes: number; sha256: string } | null> {
  const hash = node.crypto.createHash("sha256");
  let bytes = 0;
  try {
    using file = await Deno.open(path);
    const buffer = new Uint8Array(2 ** 18);
    for (let read; (read = await file.read(buffer)) !== null; bytes += read) {
      hash.update(buffer.subarray(0, read));
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
  return { bytes, sha256: hash.digest("hex") };
}

/** Receives what is missing, in as many attempts as it takes. Says whether it began with a part. */
async function receiveAll(
  address: string,
  part: PartialFile,
  { sha256, signal, onEvent, retries = 3, pause = 1000 }: DownloadOptions,
): Promise<boolean> {
  const resumed = part.bytes > 0;
  for (let failures = 0;;) {
    const before = part.bytes;
    try {
      await receive(address, part, sha256 !== null, signal, onEvent);
      return resumed;
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof PassingFailure)) throw error;
      failures = part.bytes > before ? 1 : failures + 1;
      if (failures > retries) {
        const kept = part.bytes === 0 ? "" : `; ${part.bytes} bytes are kept to go on with`;
        throw new Error(`Cannot download ${quotedPath(address)}: ${error.message}${kept}`, {
          cause: error.cause,
        });
      }
      onEvent?.({ type: "retry", reason: error.message, attempt: failures });
      await waitFor(pause * 2 ** (failures - 1), signal);
    }
  }
}

/** One request, from where the part ends. */
async function receive(
  address: string,
  part: PartialFile,
  checked: boolean,
  signal: AbortSignal | undefined,
  onEvent: DownloadOptions["onEvent"],
): Promise<void> {
  // Without a version to ask for and without a checksum nothing would tell two versions apart.
  if (part.bytes > 0 && part.version === null && !checked) await part.restart(null);
  const from = part.bytes;
  // Compressed on the way, a range would be one of other bytes.
  const headers: Record<string, string> = { "accept-encoding": "identity" };
  if (from > 0) {
    headers.range = `bytes=${from}-`;
    if (part.version !== null) headers["if-range"] = part.version;
  }
  const response = await fetchFollowing(address, headers, signal).catch((error) => {
    throw error instanceof TypeError ? passing(connectionFailure(error), error) : error;
  });
  const range = contentRange(response);
  try {
    if (response.status === 416 && range?.total === from) return;
    if (response.status === 416 || (response.status === 206 && range?.start !== from)) {
      await part.restart(null);
      throw passing("the server's file has changed");
    }
    if (response.status !== 200 && response.status !== 206) throw refusal(address, response);
    if (response.status === 200) {
      if (from > 0) {
        onEvent?.({ type: "restarted", reason: "the server sends the whole file only" });
      }
      await part.restart(versionOf(response));
    } else if (from > 0) onEvent?.({ type: "resumed", bytes: from });
  } catch (error) {
    await response.body?.cancel();
    throw error;
  }
  const length = response.status === 206 ? null : response.headers.get("content-length");
  const total = range?.total ?? (length === null ? null : Number(length));
  await receiveBody(response, part, total, onEvent);
  if (total !== null && part.bytes !== total) {
    throw passing(`the connection was cut after ${part.bytes} of ${total} bytes`);
  }
}

async function receiveBody(
  response: Response,
  part: PartialFile,
  bytesTotal: number | null,
  onEvent: DownloadOptions["onEvent"],
): Promise<void> {
  if (response.body === null) return;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch((error) => {
      throw passing(
        `the connection was cut after ${part.bytes}` +
          `${bytesTotal === null ? "" : ` of ${bytesTotal}`} bytes`,
        error,
      );
    });
    if (done) return;
    await part.append(value);
    onEvent?.({ type: "bytes", bytes: part.bytes, bytesTotal });
  }
}

function contentRange(response: Response): { start: number | null; total: number | null } | null {
  const found = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(
    response.headers.get("content-range") ?? "",
  );
  if (found === null) return null;
  return {
    start: found[1] === undefined ? null : Number(found[1]),
    total: found[2] === "*" ? null : Number(found[2]),
  };
}

/** A word for the file's version that may be asked for: a weak one may stand for several. */
function versionOf(response: Response): string | null {
  const tag = response.headers.get("etag");
  if (tag !== null && !tag.startsWith("W/")) return tag;
  return response.headers.get("last-modified");
}

function refusal(address: string, { status, statusText }: Response): Error {
  const found = `status ${status}${statusText === "" ? "" : ` (${statusText})`}`;
  if (status === 408 || status === 429 || status >= 500) return passing(`found ${found}, need 200`);
  return new Error(`Cannot download ${quotedPath(address)}: found ${found}, need 200`);
}

/** The last words of the engine's message say what is wrong: that a name is unknown, say. */
function connectionFailure({ message }: TypeError): string {
  const reason = /^error sending request.*?\): (?:client error \(\w+\): )?(.+)$/s.exec(message)
    ?.[1];
  return `the connection failed (${
    (reason ?? message).replaceAll(/\s+/g, " ").replace(/\.$/, "")
  })`;
}

function passing(message: string, cause?: unknown): PassingFailure {
  return new PassingFailure(message, { cause });
}

function waitFor(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal!.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
