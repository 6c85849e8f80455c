/**
 * Downloads that can be interrupted at any time. The bytes so far are kept as `NAME.part`, and a later
 * download continues from there. The file gets its final name when it is complete and has the right
 * checksum.
 *
 * @module
 */
import { quotedPath } from "../../messages.ts";
import { node } from "../../node.ts";

const MOST_REDIRECTS = 10;

/** An event of a download. */
export type DownloadEvent =
  /** Bytes came. `bytesTotal` is `null` if the server does not say it. */
  | { readonly type: "bytes"; readonly bytes: number; readonly bytesTotal: number | null }
  /** The download continues an earlier one, after so many bytes. */
  | { readonly type: "resumed"; readonly bytes: number }
  /** The bytes so far cannot be used, and the download begins anew. */
  | { readonly type: "restarted"; readonly reason: string }
  /** The connection failed, and the next attempt is made. */
  | { readonly type: "retry"; readonly reason: string; readonly attempt: number };

/** Options of {@linkcode download}. */
export interface DownloadOptions {
  /** SHA-256 of the file, or `null` if it is unknown. */
  readonly sha256: string | null;
  /** Stops the download. The bytes so far are kept. */
  readonly signal?: AbortSignal | undefined;
  /** Called with every event. */
  readonly onEvent?: ((event: DownloadEvent) => void) | undefined;
  /** Further attempts after a failed connection that brought fewer than 64 KiB. Default: 3. */
  readonly retries?: number | undefined;
  /** Milliseconds before the first further attempt; each later pause is twice as long. Default: 1000. */
  readonly pause?: number | undefined;
  /** The largest allowed size of the file in bytes. Default: the size that the server states. */
  readonly mostBytes?: number | undefined;
  /** Milliseconds with fewer than 64 KiB that count as a failed connection. Default: 60,000. */
  readonly stall?: number | undefined;
}

/** The beginning of a file that is being downloaded. */
interface Part {
  readonly address: string;
  /** `NAME.part`, which this process has locked. */
  readonly path: string;
  readonly file: Deno.FsFile;
  /** `NAME.part.json`: the address and the version that the part came from. */
  readonly notePath: string;
  bytes: number;
  /** The server's identifier of the file's version, or `null` if it gave none. */
  version: string | null;
}

/** A temporary failure, after which another attempt is worth while. */
class PassingFailure extends Error {}

/**
 * Downloads a file. Redirects are followed. If `NAME.part` has the beginning of the same file, and the
 * server can continue it, only the rest is downloaded. A whole file of that name with the right checksum
 * is not downloaded again. Needs permission to read and write the folder and for every host on the way.
 *
 * @param address The address of the file.
 * @param path Its place on the disk.
 * @returns The file's size and SHA-256.
 * @throws {Error} If it cannot be downloaded or written; or if it is too large or has another checksum:
 * nothing is kept then.
 * @throws The reason of the signal.
 */
export async function download(
  address: string,
  path: string,
  options: DownloadOptions,
): Promise<{ bytes: number; sha256: string }> {
  const { sha256, signal, onEvent } = options;
  signal?.throwIfAborted();
  if (node.fs.existsSync(path)) {
    using file = await Deno.open(path);
    const whole = await digest(file);
    if (sha256 === null || whole.sha256 === sha256) return whole;
  }
  const part = await openPart(address, path);
  const { file } = part;
  try {
    for (let continued = part.bytes > 0;; continued = false) {
      await receiveAll(part, options);
      const found = await digest(file);
      if (sha256 === null || found.sha256 === sha256) {
        await file.sync();
        await Deno.rename(part.path, path);
        await node.fs.promises.rm(part.notePath, { force: true });
        return found;
      }
      if (!continued) {
        part.bytes = 0;
        throw new Error(
          `Cannot use ${quotedPath(address)}: found ${found.bytes} bytes with SHA-256 ` +
            `${found.sha256}, need ${sha256}; nothing was kept`,
        );
      }
      onEvent?.({ type: "restarted", reason: "the parts do not make the right file" });
      await restart(part, null);
    }
  } catch (error) {
    if (part.bytes === 0) {
      await node.fs.promises.rm(part.path, { force: true });
      await node.fs.promises.rm(part.notePath, { force: true });
    }
    throw error;
  } finally {
    file.close();
  }
}

async function digest(file: Deno.FsFile): Promise<{ bytes: number; sha256: string }> {
  const hash = node.crypto.createHash("sha256");
  const buffer = new Uint8Array(2 ** 18);
  let bytes = 0;
  await file.seek(0, Deno.SeekMode.Start);
  for (let read; (read = await file.read(buffer)) !== null; bytes += read) {
    hash.update(buffer.subarray(0, read));
  }
  return { bytes, sha256: hash.digest("hex") };
}

async function openPart(address: string, place: string): Promise<Part> {
  const path = `${place}.part`;
  const fail = (problem: string, cause?: unknown): never => {
    throw new Error(`Cannot write ${quotedPath(path)}: ${problem}`, { cause });
  };
  const file = await Deno.open(path, { read: true, write: true, create: true }).catch((cause) => {
    if (cause instanceof Deno.errors.NotCapable) throw cause;
    return fail(cause.message, cause);
  });
  try {
    if (!await file.tryLock(true)) fail("found another process downloading it, need to wait");
    const notePath = `${path}.json`;
    // Without a note, or with one that was only partly written, the download begins anew.
    const note = await Deno.readTextFile(notePath).then(JSON.parse).catch(() => null);
    const known = note?.address === address;
    if (!known) await file.truncate(0);
    const bytes = await file.seek(0, Deno.SeekMode.End);
    return { address, path, notePath, file, bytes, version: known ? note.version : null };
  } catch (error) {
    file.close();
    throw error;
  }
}

/** Begins anew, with another version of the file. */
async function restart(part: Part, version: string | null): Promise<void> {
  const { address, file, notePath } = part;
  await file.truncate(0);
  await file.seek(0, Deno.SeekMode.Start);
  part.bytes = 0;
  part.version = version;
  await Deno.writeTextFile(notePath, JSON.stringify({ address, version }));
}

/** Receives the rest of a file, with further attempts after passing failures. */
async function receiveAll(part: Part, options: DownloadOptions): Promise<void> {
  const { signal, onEvent, retries = 3, pause = 1000 } = options;
  for (let failures = 0;;) {
    const before = part.bytes;
    try {
      return await receiveWatched(part, options);
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof PassingFailure)) throw error;
      const { message, cause } = error;
      failures = part.bytes - before >= LEAST_BYTES ? 1 : failures + 1;
      if (failures > retries) {
        const kept = part.bytes === 0 ? "" : `; ${part.bytes} bytes are kept to go on with`;
        throw new Error(`Cannot download ${quotedPath(part.address)}: ${message}${kept}`, {
          cause,
        });
      }
      onEvent?.({ type: "retry", reason: message, attempt: failures });
      await node.timers.setTimeout(pause * 2 ** (failures - 1), undefined, { signal })
        .catch(() => signal?.throwIfAborted());
    }
  }
}

/** Fewer bytes do not count as progress. Otherwise a server could send one byte a minute for ever. */
const LEAST_BYTES = 2 ** 16;

/** Makes one request for the rest of a file, and ends it if it stalls. */
async function receiveWatched(part: Part, options: DownloadOptions): Promise<void> {
  const { stall = 60_000, signal, onEvent } = options;
  const stalled = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let before = part.bytes;
  const watch = () => {
    clearTimeout(timer);
    before = part.bytes;
    const reason = `fewer than ${LEAST_BYTES} bytes came for ${stall / 1000} seconds`;
    timer = setTimeout(() => stalled.abort(new PassingFailure(reason)), stall);
  };
  watch();
  const watched = {
    ...options,
    signal: AbortSignal.any([...signal === undefined ? [] : [signal], stalled.signal]),
    onEvent(event: DownloadEvent) {
      const came = part.bytes - before;
      // Fewer bytes than before mean that the download began anew.
      if (event.type !== "bytes" || came < 0 || came >= LEAST_BYTES) watch();
      onEvent?.(event);
    },
  };
  await receive(part, watched).finally(() => clearTimeout(timer));
}

/** Makes one request for the rest of a file. */
async function receive(
  part: Part,
  { sha256, signal, onEvent, mostBytes = Infinity }: DownloadOptions,
): Promise<void> {
  // Without version and checksum, parts of two versions could not be told apart.
  if (part.bytes > 0 && part.version === null && sha256 === null) await restart(part, null);
  const from = part.bytes;
  // A range of a compressed body would be another range of the file.
  const headers: Record<string, string> = { "accept-encoding": "identity" };
  if (from > 0) {
    headers.range = `bytes=${from}-`;
    if (part.version !== null) headers["if-range"] = part.version;
  }
  const response = await fetchFollowing(part.address, headers, signal);
  const { status, body } = response;
  const range = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(
    response.headers.get("content-range") ?? "",
  );
  try {
    if (status === 416 && range?.[2] === `${from}`) return;
    if (status === 416 || (status === 206 && range?.[1] !== `${from}`)) {
      await restart(part, null);
      throw new PassingFailure("the server's file has changed");
    }
    if (status !== 200 && status !== 206) throw refusal(part.address, response);
    if (status === 206) onEvent?.({ type: "resumed", bytes: from });
    else {
      if (from > 0) {
        onEvent?.({ type: "restarted", reason: "the server sends the whole file only" });
      }
      await restart(part, versionOf(response));
    }
  } catch (error) {
    await body?.cancel();
    throw error;
  }
  const size = (status === 206 ? range?.[2] : response.headers.get("content-length")) ?? "";
  const bytesTotal = /^\d+$/.test(size) ? Number(size) : null;
  const cut = (cause?: unknown) => {
    const bytes = bytesTotal === null ? `${part.bytes}` : `${part.bytes} of ${bytesTotal}`;
    return new PassingFailure(`the connection was cut after ${bytes} bytes`, { cause });
  };
  const reader = body?.getReader();
  const refuseSize = async (bytes: number, most: number) => {
    if (bytes <= most) return;
    await reader?.cancel();
    part.bytes = 0;
    throw new Error(
      `Cannot download ${quotedPath(part.address)}: found at least ${bytes} bytes, need at most ` +
        `${most}; nothing was kept`,
    );
  };
  await refuseSize(bytesTotal ?? 0, mostBytes);
  while (reader !== undefined) {
    const { done, value } = await reader.read().catch((cause) => {
      throw cause instanceof PassingFailure ? cause : cut(cause);
    });
    if (done) break;
    await refuseSize(part.bytes + value.length, bytesTotal ?? mostBytes);
    for (let offset = 0; offset < value.length;) {
      offset += await part.file.write(value.subarray(offset));
    }
    part.bytes += value.length;
    onEvent?.({ type: "bytes", bytes: part.bytes, bytesTotal });
  }
  if (bytesTotal !== null && part.bytes !== bytesTotal) throw cut();
}

/**
 * Makes a request and follows its redirects one by one, so that Deno checks the permission for every host.
 * No redirect may lead from an encrypted address to an unencrypted one.
 */
async function fetchFollowing(
  address: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<Response> {
  const fail = (found: string, need: string): never => {
    throw new Error(`Cannot download ${quotedPath(address)}: found ${found}, need ${need}`);
  };
  let url = new URL(address);
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const response = await fetch(url, { headers, redirect: "manual", signal: signal ?? null })
      .catch((error) => {
        throw error instanceof TypeError ? connectionFailure(error) : error;
      });
    if (![301, 302, 303, 307, 308].includes(response.status)) return response;
    await response.body?.cancel();
    const location = response.headers.get("location");
    const next = location === null ? null : URL.parse(location, url);
    if (location === null || next === null || !/^https?:$/.test(next.protocol)) {
      const where = location === null ? "nowhere" : quotedPath(location);
      return fail(`a redirect to ${where}`, "an address");
    }
    if (url.protocol === "https:" && next.protocol !== "https:") {
      fail(`a redirect to ${quotedPath(next.href)}, which is not encrypted`, "https");
    }
    url = next;
  }
  return fail(`more than ${MOST_REDIRECTS} redirects`, "fewer");
}

/**
 * The server's identifier of the file's version. A weak tag is ignored, because it may stand for several
 * versions.
 */
function versionOf({ headers }: Response): string | null {
  const tag = headers.get("etag");
  return tag !== null && !tag.startsWith("W/") ? tag : headers.get("last-modified");
}

function refusal(address: string, { status, statusText }: Response): Error {
  const problem = `found status ${status}${statusText && ` (${statusText})`}, need 200`;
  return status === 408 || status === 429 || status >= 500
    ? new PassingFailure(problem)
    : new Error(`Cannot download ${quotedPath(address)}: ${problem}`);
}

/** The last part of the engine's message names the cause, such as an unknown host name. */
function connectionFailure(cause: TypeError): PassingFailure {
  const reason = cause.message
    .replace(/^error sending request.*?\): (?:client error \(\w+\): )?/s, "")
    .replaceAll(/\s+/g, " ").replace(/\.$/, "");
  return new PassingFailure(`the connection failed (${reason})`, { cause });
}
