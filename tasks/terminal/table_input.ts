import { type Stats, statSync } from "node:fs";
import { quotedPath } from "../../lib/messages.ts";
import { userPath } from "./command_line.ts";

/** The names of tables in files. */
export const TABLE_FILE =
  /(\.(csv|tsv|arff|npy|npz|mat|parquet|pq)|[-.]idx(\d(-ubyte)?)?)(\.gz)?$/i;

let input: Promise<Uint8Array> | undefined;

/** The whole standard input. It is read once, and later calls get the same bytes. */
export function standardInput(): Promise<Uint8Array> {
  return input ??= new Response(Deno.stdin.readable).bytes();
}

/** Information about a file. `undefined` for an impossible path, about which the reader reports the error. */
export function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

/**
 * The table that an argument names: its path, or for `-` the bytes of standard input.
 *
 * @throws {TypeError} If the path is a pipe.
 */
export async function tableInput(name: string): Promise<string | Uint8Array> {
  if (name === "-") return await standardInput();
  const path = userPath(name);
  const isDescriptor = /^\/(dev\/(stdin|fd\/)|proc\/self\/fd\/)/.test(path);
  const found = isDescriptor ? undefined : statOf(path);
  if (isDescriptor || found?.isFIFO() || found?.isSocket() || found?.isCharacterDevice()) {
    throw new TypeError(
      `Cannot read ${
        quotedPath(name)
      }: found a pipe, which may have to be read twice, need a file ` +
        "or - for standard input, as in: command | deno task train - --target COLUMN",
    );
  }
  return path;
}
