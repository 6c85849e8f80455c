import { node } from "../../node.ts";
import { quotedPath } from "../../messages.ts";
import { removeIfThere } from "./partial_file.ts";

/**
 * Writes text as a gzip file that is there in full or not at all.
 *
 * @param path Where it is to stand.
 * @param pieces The text, in order.
 * @returns SHA-256 of the text.
 * @throws {Error} If it cannot be written. What `pieces` throws is passed on. Nothing is left then.
 */
export async function writeGzipText(
  path: string,
  pieces: Iterable<string> | AsyncIterable<string>,
  signal?: AbortSignal,
): Promise<string> {
  const { createWriteStream } = node.fs;
  const hash = node.crypto.createHash("sha256");
  const encoder = new TextEncoder();
  async function* bytes(): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces) {
      signal?.throwIfAborted();
      const encoded = encoder.encode(piece);
      hash.update(encoded);
      yield encoded;
    }
  }
  const temporary = `${path}.${Deno.pid}.tmp`;
  try {
    await node.stream.promises.pipeline(
      bytes,
      node.zlib.createGzip({ level: 9 }),
      createWriteStream(temporary),
    );
    const file = await Deno.open(temporary, { read: true, write: true });
    try {
      await file.sync();
    } finally {
      file.close();
    }
    await Deno.rename(temporary, path);
  } catch (error) {
    await removeIfThere(temporary);
    const code = error instanceof Error && "code" in error ? `${error.code}` : "";
    if (!/^E(?!RR_)/.test(code)) throw error;
    throw new Error(`Cannot write ${quotedPath(path)}: ${(error as Error).message}`, {
      cause: error,
    });
  }
  return hash.digest("hex");
}
