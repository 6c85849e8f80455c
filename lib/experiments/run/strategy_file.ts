/**
 * Finds, loads and checks a custom strategy in a file. Loading runs the file's code, so it happens only
 * when a run begins or is resumed.
 *
 * @module
 */
import { StrategyError } from "../../ensemble/mod.ts";
import { fileErrorReason, readBoundedFile } from "../../files/mod.ts";
import { didYouMean, escaped, quoted, quotedList, quotedPath, shown } from "../../messages.ts";
import type { StrategyOrigin } from "../../model/mod.ts";
import { node } from "../../node.ts";
import { strategyFault, type TopologyStrategy } from "../../topology/mod.ts";

/** The largest number of bytes of a module with a strategy. */
const MOST_BYTES = 2 ** 26;

/** A file with a strategy. */
export type StrategyFile = StrategyOrigin & { readonly path: string; readonly sha256: string };

/**
 * Describes a file with a strategy by its path and the SHA-256 of its bytes. Its code is not run, and files
 * that it imports do not count.
 *
 * @param path The path of a TypeScript or JavaScript module. `#name` after it names one of its exports.
 * @throws {StrategyError} If the file cannot be read.
 *
 * @example Usage
 * ```ts
 * import { strategyFile } from "@sparsemble/sparsemble/experiments";
 * import assert from "node:assert/strict";
 *
 * const path = `${Deno.makeTempDirSync()}/mine.ts`;
 * Deno.writeTextFileSync(path, "export const a = {}, b = {};");
 * const { sha256, ...file } = strategyFile(`${path}#b`);
 * assert.deepEqual(file, { path, export: "b" });
 * assert.equal(sha256.length, 64);
 * ```
 */
export function strategyFile(path: string): StrategyFile {
  const [, before, name] = /^([^]*)#([^#]*)$/.exec(path) ?? [];
  const isWhole = name === undefined || node.fs.existsSync(path);
  const file = node.path.resolve(isWhole ? path : before);
  const described = { path: file, sha256: digestOf(file) };
  return isWhole ? described : { ...described, export: name };
}

function digestOf(path: string): string {
  try {
    return node.crypto.createHash("sha256").update(readBoundedFile(path, MOST_BYTES)).digest("hex");
  } catch (cause) {
    throw unusable(path, fileErrorReason(cause), cause);
  }
}

/**
 * Loads a strategy from its file.
 *
 * @param signal Ends the wait for a module that never finishes loading.
 * @throws {StrategyError} If the file cannot be read or loaded, has other bytes than when it was described,
 * or has no strategy of the name.
 */
export async function loadStrategy(
  file: StrategyFile,
  signal?: AbortSignal,
): Promise<TopologyStrategy> {
  const { path, sha256 } = file;
  const found = digestOf(path);
  if (found !== sha256) {
    throw unusable(path, `the file has changed: found SHA-256 ${found}, need ${sha256}`);
  }
  const url = `${node.url.pathToFileURL(path)}?sha256=${sha256}`;
  let module: Readonly<Record<string, unknown>>;
  const stop = Promise.withResolvers<never>();
  const onAbort = () => stop.reject(new TypeError("asked to stop while it was still loaded"));
  signal?.addEventListener("abort", onAbort);
  try {
    // New content is a new module, even within one process.
    module = await Promise.race([import(url), stop.promise]);
  } catch (cause) {
    throw unusable(path, loadingFault(cause, url), cause);
  } finally {
    signal?.removeEventListener("abort", onAbort);
  }
  return chosenExport(module, file);
}

/** The error of a module that cannot be loaded, on one line and with its place. */
function loadingFault(cause: unknown, url: string): string {
  if (!(cause instanceof Error)) return `it threw ${shown(cause)} as it was loaded`;
  const [first] = cause.message.split("\n");
  const place = cause.message.split(url)[1] ?? cause.stack?.split(url)[1];
  const line = /^:(\d+):/.exec(place ?? "")?.[1];
  const what = `${cause.name === "TypeError" ? "" : `${cause.name}: `}${escaped(first)}`;
  return line === undefined ? what : `${what} (line ${line})`;
}

/** The requested export; otherwise the default export; otherwise the only export that is a strategy. */
function chosenExport(
  module: Readonly<Record<string, unknown>>,
  { path, export: name }: StrategyFile,
): TopologyStrategy {
  const names = Object.keys(module);
  if (name !== undefined) {
    if (names.includes(name)) return checked(module[name], path, name);
    const exported = names.length === 0 ? "no export" : `the exports ${quotedList(names)}`;
    throw unusable(path, `found ${exported}, need ${quoted(name)}${didYouMean(name, names)}`);
  }
  if (names.includes("default")) return checked(module.default, path, "default");
  const alike = names.filter((name) => isNamed(module[name]));
  if (alike.length === 1) return checked(module[alike[0]], path, alike[0]);
  if (alike.length === 0) {
    throw unusable(path, "found no strategy among its exports, need an object with a name");
  }
  const example = quotedPath(`${path}#${alike[0]}`);
  throw unusable(path, `found the strategies ${quotedList(alike)}, need one, such as ${example}`);
}

function isNamed(value: unknown): boolean {
  return typeof value === "object" && value !== null && "name" in value;
}

/** Checks the shape of a strategy. The results of its functions are checked at every call. */
function checked(value: unknown, path: string, exported: string): TopologyStrategy {
  const fault = faultOf(value);
  if (fault === null) return value as TopologyStrategy;
  throw unusable(path, `its export ${quoted(exported)} is no strategy: ${fault}`);
}

function faultOf(value: unknown): string | null {
  const fault = strategyFault(value);
  if (fault !== null) return fault;
  const { update, reinitialize, initialize, start } = value as TopologyStrategy;
  return [update, reinitialize, initialize, start].every((part) => part === undefined)
    ? "found no update, need update, reinitialize, initialize or start"
    : null;
}

function unusable(path: string, fault: string, cause?: unknown): StrategyError {
  return new StrategyError(`Cannot use the strategy ${quotedPath(path)}: ${fault}`, { cause });
}
