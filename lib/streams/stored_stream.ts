/**
 * Stores a streamed table beside its run. One file holds the inputs. A second file describes them and holds
 * the rows for test and validation. A stopped run continues with both files. If one is damaged or missing,
 * both are made again.
 *
 * @module
 */
import {
  addContentDigest,
  checkContentDigest,
  encodeSafetensors,
  readSafetensors,
  type Safetensors,
  type Tensor,
  writeFileAtomically,
} from "../files/mod.ts";
import type { Dataset, ReadProgress } from "../data/table/mod.ts";
import { parseJson } from "../messages.ts";
import { describePreprocessing, readPreprocessing, takePreprocessing } from "../model/mod.ts";
import { node } from "../node.ts";
import type { Rows } from "../training/mod.ts";
import { fileDigest } from "./block_file.ts";
import { prepareStream, type StreamedTable, type StreamRequest } from "./prepare_stream.ts";

/** The name of the tensor with the JSON text. In metadata it would not fit for a very wide table. */
const DESCRIPTION = "description";

/** The name of the JSON text in the metadata, where earlier versions have it. */
const KEY = "sparsemble-rows";

/** The version of these files. */
const VERSION = 1;

/** The file that describes a file of inputs. */
export function descriptionPath(path: string): string {
  return `${path}.safetensors`;
}

/**
 * Opens a streamed table from its files, or makes the files.
 *
 * @param path The file of inputs.
 * @param confirm Called with the table. If it throws, files that were made now are removed. Rows of a
 * changed table would otherwise be in use even when the table is as it was again.
 * @throws {RangeError} If too few rows are left to learn from, or no column varies.
 * @throws {Error} If a file cannot be written. The other errors are those of {@linkcode prepareStream}.
 */
export async function openStream(
  request: StreamRequest,
  path: string,
  onProgress?: (progress: ReadProgress) => void,
  confirm?: (table: StreamedTable) => Promise<void>,
): Promise<StreamedTable> {
  const known = storedStream(request, path);
  if (known !== null) {
    await confirm?.(known);
    return known;
  }
  removeStream(path);
  const table = await prepareStream(request, path, onProgress);
  try {
    await confirm?.(table);
  } catch (error) {
    removeStream(path);
    throw error;
  }
  // The description is written last. Without it the other file is not used.
  const { tensors, metadata } = encodeStream(request, table);
  writeFileAtomically(descriptionPath(path), encodeSafetensors(tensors, metadata));
  return table;
}

/** Removes the files of a streamed table, if they exist. */
export function removeStream(path: string): void {
  for (const own of [descriptionPath(path), path, `${path}.raw`]) {
    node.fs.rmSync(own, { force: true });
  }
}

/** The stored table; `null` if its files are missing, damaged, or belong to another request. */
function storedStream(request: StreamRequest, path: string): StreamedTable | null {
  const description = descriptionPath(path);
  if (!node.fs.existsSync(description) || !node.fs.existsSync(path)) return null;
  try {
    const table = decodeStream(readSafetensors(description), request, description);
    return table !== null && fileDigest(path) === table.digest ? table : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function requestText({ file, options, memory, seed, scaling, ...other }: StreamRequest): string {
  const { testFraction, validationFraction } = other;
  const parts = { testFraction, validationFraction };
  return JSON.stringify({ file, options, memory, seed, scaling, ...parts });
}

function encodeStream(request: StreamRequest, streamed: StreamedTable): Safetensors {
  const { table, test, validation, preprocessing, ...rest } = streamed;
  const { featureNames, categories, notations, classes, targetNotation, target, source } = table;
  const tensors = new Map<string, Tensor>();
  const fitted = describePreprocessing(preprocessing, tensors);
  const put = (name: string, { features, labels, targets, rows }: Rows | Dataset) => {
    tensors.set(`${name}.features`, { dtype: "F32", shape: [features.length], data: features });
    tensors.set(`${name}.labels`, { dtype: "I32", shape: [rows], data: labels });
    if (targets === undefined) return;
    tensors.set(`${name}.targets`, { dtype: "F32", shape: [rows], data: targets });
  };
  if (test !== null) put("test", test);
  if (validation !== null) put("validation", validation);
  const text = JSON.stringify({
    version: VERSION,
    request: requestText(request),
    columns: table.columns,
    rows: table.rows,
    ...{ featureNames, categories, notations, classes, targetNotation, target, source },
    preprocessing: fitted,
    ...rest,
  });
  const data = new TextEncoder().encode(text);
  tensors.set(DESCRIPTION, { dtype: "U8", shape: [data.length], data });
  return { tensors, metadata: addContentDigest(tensors, {}) };
}

function decodeStream(
  file: Safetensors,
  request: StreamRequest,
  source: string,
): StreamedTable | null {
  checkContentDigest(file, source);
  // The digest was checked, so the content is as it was written.
  const json = parseJson(file.metadata[KEY] ?? descriptionIn(file)) as
    | Omit<StreamedTable, "table" | "test" | "validation" | "preprocessing">
      & Omit<Dataset, "features" | "labels" | "targets">
      & { version: number; request: string; preprocessing: object }
    | null;
  if (json?.version !== VERSION || json.request !== requestText(request)) return null;
  const left = new Map(file.tensors);
  const { layout, digest, targetScaling, summaries, rankError, remarks } = json;
  const described = readPreprocessing(json.preprocessing, source);
  const preprocessing = takePreprocessing(left, described, false, source);
  const { featureNames, categories, notations, classes, targetNotation, target } = json;
  const names = { featureNames, categories, notations, classes, targetNotation, target };
  const own = { ...names, columns: json.columns, source: json.source };
  const take = (name: string, columns: number): Rows | null => {
    const features = left.get(`${name}.features`)?.data as Float32Array | undefined;
    const labels = left.get(`${name}.labels`)?.data as Int32Array | undefined;
    const targets = left.get(`${name}.targets`)?.data as Float32Array | undefined;
    if (features === undefined || labels === undefined) return null;
    return { rows: labels.length, columns, features, labels, targets };
  };
  const test = take("test", json.columns);
  return {
    table: {
      ...own,
      rows: json.rows,
      features: new Float32Array(0),
      labels: new Int32Array(0),
      targets: targetScaling === null ? undefined : new Float32Array(0),
    },
    test: test === null ? null : { ...own, ...test },
    validation: take("validation", layout.columns),
    preprocessing,
    ...{ layout, digest, targetScaling, summaries, rankError, remarks },
  };
}

/** The JSON text among the tensors; `null` as JSON if there is none. */
function descriptionIn({ tensors }: Safetensors): string {
  const data = tensors.get(DESCRIPTION)?.data;
  return data instanceof Uint8Array ? new TextDecoder().decode(data) : "null";
}

/** A digest of a streamed table. It covers the digest of the training rows, and the held-out rows. */
export function streamDigest({ digest, table, test, validation }: StreamedTable): string {
  const hash = node.crypto.createHash("sha256");
  const { featureNames, classes, rows, categories } = table;
  hash.update(JSON.stringify({ digest, featureNames, classes, rows, categories }));
  for (const part of [test, validation]) {
    if (part === null) continue;
    for (const array of [part.features, part.labels, part.targets]) {
      if (array === undefined) continue;
      hash.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    }
  }
  return hash.digest("hex");
}
