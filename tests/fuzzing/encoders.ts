/**
 * Documents as files: whatever a document says, the file around it is whole, with digests, lengths and
 * checksums that fit what is in it.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { crc32, deflateRawSync } from "node:zlib";
import { decodeSafetensors } from "../../lib/files/safetensors.ts";
import { addContentDigest } from "../../lib/files/content_digest.ts";
import type { Tensor } from "../../lib/files/safetensors.ts";
import { parquetWriteBuffer } from "../../lib/experiments/results/hyparquet_writer.ts";
import { jsonText, rawText, type Value, valueAt } from "./document.ts";

/** Text as UTF-8. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A model or a checkpoint as a document: its description and its arrays. */
export function safetensorsDocument(bytes: Uint8Array): Value {
  const { tensors, metadata } = decodeSafetensors(bytes, "an intact file");
  const arrays = [...tensors].map(([name, { dtype, shape, data }]) => [
    name,
    { dtype, shape: [...shape], data: Array.from(data as Float32Array) },
  ]);
  return {
    description: JSON.parse(metadata.sparsemble),
    metadata: {},
    tensors: Object.fromEntries(arrays),
  };
}

/** The file of such a document. Its digest is that of what is in it. */
export function safetensorsBytes(document: Value): Uint8Array {
  const arrays = new Map<string, Tensor>();
  const header: { [key: string]: Value } = {};
  const pieces: Uint8Array[] = [];
  let offset = 0;
  for (const [name, tensor] of entries(valueAt(document, ["tensors"]))) {
    const [dtype, shape] = [valueAt(tensor, ["dtype"]) ?? null, valueAt(tensor, ["shape"]) ?? null];
    const data = numbersOf(dtype, valueAt(tensor, ["data"]));
    const bytes = new Uint8Array(data.buffer);
    header[name] = { dtype, shape, data_offsets: [offset, offset += bytes.length] };
    pieces.push(bytes);
    arrays.set(name, { dtype, shape, data } as unknown as Tensor);
  }
  const more = Object.fromEntries(
    entries(valueAt(document, ["metadata"])).map(([name, value]) => [name, textOf(value)]),
  );
  const description = jsonText(valueAt(document, ["description"]) ?? null);
  header.__metadata__ = addContentDigest(arrays, { ...more, sparsemble: description });
  const text = utf8(jsonText(header));
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(text.length), true);
  return new Uint8Array(Buffer.concat([length, text, ...pieces]));
}

const ARRAYS = {
  F32: Float32Array,
  F64: Float64Array,
  I32: Int32Array,
  U32: Uint32Array,
  U8: Uint8Array,
};

function numbersOf(dtype: Value, data: Value | undefined) {
  const known = typeof dtype === "string" && Object.hasOwn(ARRAYS, dtype);
  const Numbers = known ? ARRAYS[dtype as keyof typeof ARRAYS] : Float32Array;
  return new Numbers(listOf(data).map((value) => Number(rawText(value) ?? value)));
}

function entries(value: Value | undefined): [string, Value][] {
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

/** A list, or of anything else the list of it. */
export function listOf(value: Value | undefined): Value[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}

/** A value as a cell or a name. */
export function textOf(value: Value | undefined): string {
  if (typeof value === "string") return value;
  return value === undefined
    ? ""
    : rawText(value) ?? (typeof value === "object" ? jsonText(value) : `${value}`);
}

/** An NPY file of a header's entries, as Python writes them, and of elements. */
export function npyBytes(array: Value): Uint8Array {
  const part = (name: string) => valueAt(array, [name]);
  const data = listOf(part("data"));
  const descr = textOf(part("descr"));
  const shape = part("shape") ?? [data.length];
  const axes = Array.isArray(shape) ? `(${shape.map(textOf).join(", ")},)` : textOf(shape);
  const header = `{'descr': '${descr}', 'fortran_order': ${
    textOf(part("order"))
  }, 'shape': ${axes}, }`;
  const text = utf8(`${header}\n`);
  const version = Number(part("version") ?? 1);
  const length = version === 1
    ? new Uint8Array(Uint16Array.of(text.length).buffer)
    : new Uint8Array(Uint32Array.of(text.length).buffer);
  const [, kind = "f", size = "8"] = /([a-zA-Z])(\d*)$/.exec(descr) ?? [];
  return new Uint8Array(Buffer.concat([
    ...[Uint8Array.of(0x93, 78, 85, 77, 80, 89, version, 0), length, text],
    elementBytes(data, kind, Number(size)),
  ]));
}

function elementBytes(data: Value[], kind: string, size: number): Uint8Array {
  const letters = Math.min(size, Math.ceil(2 ** 24 / Math.max(1, data.length)));
  if (kind === "U") {
    const points = data.flatMap((value) =>
      Array.from({ length: letters }, (_, k) => textOf(value).codePointAt(k) ?? 0)
    );
    return new Uint8Array(Uint32Array.from(points).buffer);
  }
  if (kind === "S") {
    return new Uint8Array(Buffer.concat(data.map((value) => {
      const bytes = new Uint8Array(letters);
      bytes.set(utf8(textOf(value)).subarray(0, letters));
      return bytes;
    })));
  }
  const numbers = data.map((value) => Number(rawText(value) ?? value));
  if (kind === "f" && size === 4) return new Uint8Array(Float32Array.from(numbers).buffer);
  if (kind === "i" && size === 4) return new Uint8Array(Int32Array.from(numbers).buffer);
  if (kind === "b" || size === 1) return Uint8Array.from(numbers);
  return new Uint8Array(Float64Array.from(numbers).buffer);
}

/** A zip archive of files. Those of a document say in how they are packed. */
export function zipBytes(
  files: readonly { name: string; bytes: Uint8Array; packed: boolean }[],
): Uint8Array {
  const [locals, centrals]: [Uint8Array[], Uint8Array[]] = [[], []];
  let offset = 0;
  for (const { name, bytes, packed } of files) {
    const data = packed ? deflateRawSync(bytes) : bytes;
    const title = utf8(name).subarray(0, 65_535);
    const common = new DataView(new ArrayBuffer(26));
    common.setUint16(0, 20, true);
    common.setUint16(2, 0x800, true);
    common.setUint16(4, packed ? 8 : 0, true);
    common.setUint32(10, crc32(bytes), true);
    common.setUint32(14, data.length, true);
    common.setUint32(18, bytes.length, true);
    common.setUint16(22, title.length, true);
    const fields = new Uint8Array(common.buffer);
    const place = new Uint8Array(14);
    new DataView(place.buffer).setUint32(10, offset, true);
    locals.push(word(0x04034b50), fields, title, data);
    centrals.push(word(0x02014b50), Uint8Array.of(20, 0), fields, place, title);
    offset += 30 + title.length + data.length;
  }
  const size = centrals.reduce((sum, { length }) => sum + length, 0);
  const end = new DataView(new ArrayBuffer(18));
  end.setUint16(4, files.length, true);
  end.setUint16(6, files.length, true);
  end.setUint32(8, size, true);
  end.setUint32(12, offset, true);
  const last = [word(0x06054b50), new Uint8Array(end.buffer)];
  return new Uint8Array(Buffer.concat([...locals, ...centrals, ...last]));
}

function word(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}

/** A Parquet file of columns, or `null` where the library that writes it refuses them. */
export function parquetBytes(document: Value): Uint8Array | null {
  const columnData = listOf(valueAt(document, ["columns"])).map((column) => ({
    name: textOf(valueAt(column, ["name"])),
    data: listOf(valueAt(column, ["values"])),
    type: textOf(valueAt(column, ["type"])) as "DOUBLE",
    nullable: valueAt(column, ["nullable"]) !== false,
  }));
  try {
    return new Uint8Array(parquetWriteBuffer({
      columnData,
      rowGroupSize: Math.max(1, Math.floor(Number(valueAt(document, ["rowGroupSize"])) || 1000)),
    }));
  } catch {
    return null;
  }
}

/** A table of columns as the text of a CSV file. */
export function csvText(document: Value): string {
  const separator = textOf(valueAt(document, ["separator"]));
  const lineEnd = textOf(valueAt(document, ["lineEnd"]));
  const quotes = valueAt(document, ["quotes"]) !== false;
  const cell = (value: Value | undefined) => {
    const text = textOf(value);
    return quotes && /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return rowsOf(document, (name) => name).map((row) => row.map(cell).join(separator)).join(lineEnd);
}

/** A table of columns as the text of an ARFF file. */
export function arffText(document: Value): string {
  const columns = listOf(valueAt(document, ["columns"]));
  const cell = (value: Value | undefined) => {
    const text = textOf(value);
    return valueAt(document, ["quotes"]) !== false && /[\s',%{}]/.test(text)
      ? `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`
      : text;
  };
  const declared = columns.map((column) =>
    `@attribute ${cell(valueAt(column, ["name"]))} ${textOf(valueAt(column, ["declared"]))}`
  );
  const rows = rowsOf(document, () => undefined).slice(1).map((row) => row.map(cell).join());
  return ["@relation fuzz", ...declared, "@data", ...rows].join("\n");
}

/** More cells than a document has where one of its columns is far longer than the others. */
const MOST_CELLS = 2 ** 21;

function rowsOf(
  document: Value,
  head: (name: Value) => Value | undefined,
): (Value | undefined)[][] {
  const columns = listOf(valueAt(document, ["columns"]));
  const values = columns.map((column) => listOf(valueAt(column, ["values"])));
  const names = columns.map((column) => head(valueAt(column, ["name"]) ?? ""));
  const longest = Math.max(0, ...values.slice(0, 1000).map(({ length }) => length));
  const rows = Math.min(longest, Math.ceil(MOST_CELLS / Math.max(1, columns.length)));
  return [names, ...Array.from({ length: rows }, (_, row) => values.map((list) => list[row]))];
}
