import {
  addContentDigest,
  checkContentDigest,
  type Safetensors,
  type Tensor,
} from "../files/mod.ts";
import { contentError, parseJson, quotedPath, shown } from "../messages.ts";
import { completeSettings, type Settings } from "../settings/mod.ts";
import * as v from "../valibot.ts";

/** The key of the JSON text in the metadata. */
const KEY = "sparsemble";

/** The kinds of files that have a description. */
export type FileKind = "model" | "checkpoint" | "autoencoder";

const KINDS: Readonly<Record<FileKind, string>> = {
  model: "a Sparsemble model file",
  checkpoint: "a Sparsemble checkpoint",
  autoencoder: "a Sparsemble autoencoder file",
};

/** Finds the kind of a file; `null` without a description. */
export function kindOf({ metadata }: Pick<Safetensors, "metadata">): FileKind | null {
  const text = Object.hasOwn(metadata, KEY) ? metadata[KEY] : "null";
  try {
    const kind = (parseJson(text) as { kind?: unknown } | null)?.kind;
    return Object.keys(KINDS).find((name): name is FileKind => name === kind) ?? null;
  } catch {
    return null;
  }
}

/** Adds a description to tensors, as JSON in the metadata, with a digest of both. */
export function describeTensors<
  D extends { readonly kind: FileKind; readonly version: number },
>(tensors: Map<string, Tensor>, description: D): Safetensors {
  return { tensors, metadata: addContentDigest(tensors, { [KEY]: JSON.stringify(description) }) };
}

/**
 * Reads the description in a file, and checks the file's digest.
 *
 * @param kind The kind of file that is needed.
 * @param newest The newest version that can be read. Older versions can be read too.
 * @param read Checks the rest of the description, without kind, version and settings.
 * @param source The file, for the errors.
 * @throws {SyntaxError} If the file is of another kind or a newer version, is damaged, or `read` throws.
 */
export function readDescription<D extends object>(
  file: Safetensors,
  kind: FileKind,
  newest: number,
  read: (value: unknown) => D,
  source: string,
): D & { readonly version: number; readonly settings: Settings } {
  const text = Object.hasOwn(file.metadata, KEY) ? file.metadata[KEY] : undefined;
  if (text === undefined) throw contentError(source, `no "${KEY}" in the metadata`, KINDS[kind]);
  let value: { kind?: unknown; version?: unknown; settings?: unknown } | null;
  try {
    value = parseJson(text) as typeof value;
  } catch (cause) {
    throw contentError(source, "metadata that is not JSON", KINDS[kind], cause);
  }
  if (value?.kind !== kind) {
    const other = Object.keys(KINDS).find((name): name is FileKind => name === value?.kind);
    const found = other === undefined ? "another kind of file" : KINDS[other];
    throw contentError(source, found, KINDS[kind]);
  }
  const { version } = value;
  if (!Number.isInteger(version) || (version as number) < 1 || (version as number) > newest) {
    throw contentError(
      source,
      `version ${shown(version)}`,
      `version ${
        newest === 1 ? 1 : `1 to ${newest}`
      }; a newer library wrote the file if its version ` +
        `is higher`,
    );
  }
  checkContentDigest(file, source);
  const { settings } = v.checkContent(settingsSchema, value, source);
  return {
    ...read(value),
    version: version as number,
    settings: whileReading(source, () => completeSettings(settings)),
  };
}

/** A limit above the number of existing settings. Settings are counted before they are copied. */
const MOST_SETTINGS = 1000;

const settingsSchema = v.object({
  settings: v.custom<object>(
    (value) =>
      typeof value === "object" && value !== null && Object.keys(value).length < MOST_SETTINGS,
    `an object of fewer than ${MOST_SETTINGS} settings`,
  ),
});

/**
 * Runs a check of a file's content. An error of the check becomes an error that names the file and `what`.
 *
 * @throws {SyntaxError} If the check throws.
 */
export function whileReading<T>(source: string, check: () => T, what = ""): T {
  try {
    return check();
  } catch (cause) {
    const problem = (cause as Error).message.replace(/^Cannot use the pattern: /, "");
    throw new SyntaxError(`Cannot read ${quotedPath(source)}: ${what}${problem}`, { cause });
  }
}
