import { node } from "../../../node.ts";
import {
  explainedReadError,
  headerOnly,
  IGNORED,
  isSystemError,
  PIECE_BYTES,
  type ProgressListener,
  type RowsHandler,
  storeValues,
  type TableRows,
  tableRows,
} from "../../table/mod.ts";
import type { AsyncBuffer, Compressors, FileMetaData } from "./hyparquet.ts";
import { checkPages } from "./pages.ts";
import { skipStruct } from "./thrift.ts";
import { quoted, quotedPath } from "../../../messages.ts";

type FileHandle = Awaited<ReturnType<typeof node.fs.promises.open>>;

/** The columns in which pandas stores its row labels. They are not features. */
const PANDAS_INDEX = /^__index_level_\d+__$/;

/**
 * Reads a Parquet file (`.parquet`, `.pq`), one column of one row group at a time. The file may be
 * uncompressed, or compressed with Snappy, gzip, zstd or Brotli. The library that decodes it is loaded on
 * first use.
 *
 * @throws {SyntaxError} If the file is not a whole Parquet file, or a value is missing or not a number.
 * @throws {TypeError} If a used column holds lists or records.
 * @throws {RangeError} If a number is out of range.
 * @throws {Error} If the file cannot be read; the system's error is its `cause`.
 */
export async function readParquetTable(
  path: string,
  handler: RowsHandler,
  onProgress?: ProgressListener,
): Promise<TableRows> {
  const where = `Cannot read ${quotedPath(path)}`;
  try {
    const handle = await node.fs.promises.open(path);
    try {
      if ((await handle.stat()).isDirectory()) {
        throw new Error(
          `${where}: found a folder, need one file; a folder of parts is read one part at a time`,
        );
      }
      return await readRowGroups(handle, where, handler, onProgress);
    } finally {
      await handle.close();
    }
  } catch (error) {
    const isExplained = error instanceof Error && error.message.startsWith(where);
    if (isExplained || isSystemError(error)) throw explainedReadError(error, path, "");
    throw new SyntaxError(
      `${where}: found a broken Parquet file${libraryReason(error)}, need it intact`,
      { cause: error },
    );
  }
}

/**
 * The library's reason why a file is broken. Its other errors are accidents of decoding and explain
 * nothing.
 */
function libraryReason(error: unknown): string {
  const text = error instanceof Error ? error.message : "";
  const reason = /^(?:parquet|thrift|snappy|it ends|\d+ values)\b.*/.exec(text)?.[0];
  // The library calls an unknown page type "undefined".
  return reason === undefined || reason.includes("undefined")
    ? ""
    : ` (${reason.replace(/^parquet /, "").replace(/\.$/, "")})`;
}

async function readRowGroups(
  handle: FileHandle,
  where: string,
  handler: RowsHandler,
  onProgress: ProgressListener | undefined,
): Promise<TableRows> {
  const library = await import("./hyparquet.ts");
  const { size } = await handle.stat();
  let failure: unknown;
  /** Checks bytes before the library decodes them. */
  let look: (bytes: Uint8Array) => void = () => {};
  const read = pieceReader(handle, size);
  const file: AsyncBuffer = {
    byteLength: size,
    // The library does not handle a rejected promise. So it gets too few bytes instead.
    async slice(start, end = size) {
      if (!(start >= 0 && start <= end && end <= size)) return new ArrayBuffer(0);
      try {
        const bytes = await read(start, end);
        look(bytes);
        return bytes.buffer;
      } catch (error) {
        failure = error;
        return new ArrayBuffer(0);
      }
    },
  };
  if (size < 12) throw new Error("it ends too early");
  const metadata = library.parquetMetadata(await readFooter(read, size), { geoparquet: false });
  const top = library.parquetSchema(metadata).children
    .filter(({ element }) => !PANDAS_INDEX.test(element.name));
  const names = top.map(({ element: { name } }) => {
    if (typeof name === "string") return name;
    throw new Error("parquet column without a name");
  });
  const plan = handler.plan(names, where);
  if (plan === null) return headerOnly(names);
  const used = new Set<string>();
  top.forEach(({ element, children }, place) => {
    if (plan.roles[place] === IGNORED) return;
    used.add(element.name);
    if (children.length === 0 && element.repetition_type !== "REPEATED") return;
    throw new TypeError(
      `${where}, column ${quoted(element.name)}: found lists or records, need one value a row`,
    );
  });
  refuseUnknownCompression(metadata, used, where);

  const rows = rowCount(metadata, size, where);
  const width = plan.featureNames.length;
  const blocks = handler.openBlocks?.(plan);
  // Rows that are passed on are in memory one group at a time.
  const most = blocks === undefined
    ? rows
    : metadata.row_groups.reduce((most, group) => Math.max(most, Number(group.num_rows)), 0);
  const features = new Float32Array(most * width);
  const targets = new Float64Array(most);
  const rowsOf = { plan, handler, where, features, targets, isTyped: true };
  let first = 0;
  for (const group of metadata.row_groups) {
    const end = first + Number(group.num_rows);
    const base = blocks === undefined ? 0 : first;
    const columns = new Map(
      group.columns.map((chunk) => [chunk.meta_data?.path_in_schema[0], chunk]),
    );
    for (let place = 0; place < names.length; place++) {
      if (plan.roles[place] === IGNORED) continue;
      const chunk = columns.get(names[place]);
      if (chunk === undefined) throw new Error(`it ends before column ${place}`);
      const chunks: { columnData: ArrayLike<unknown>; rowStart: number }[] = [];
      const { type, codec } = chunk.meta_data!;
      const column = {
        type,
        isOptional: top[place].element.repetition_type !== "REQUIRED",
        isCompressed: codec !== "UNCOMPRESSED",
        rows: end - first,
      };
      let checks: ReturnType<typeof checkPages> = [];
      look = (bytes) => checks = checkPages(bytes, column);
      await library.parquetRead({
        file,
        metadata: columnMetadata(metadata, group, top[place].element, chunk),
        compressors: compressorsThat((page) => checks.shift()?.(page), library.snappyUncompress),
        onChunk: ({ columnData, rowStart }) => chunks.push({ columnData, rowStart }),
      });
      if (failure !== undefined) throw failure;
      const found = chunks.reduce((sum, { columnData }) => sum + columnData.length, 0);
      if (found !== end - first) throw new Error(`${found} values for ${end - first} rows`);
      const isPart = chunks.some(({ columnData }) =>
        Array.isArray(columnData) && columnData.includes(undefined)
      );
      // A missing value is null.
      if (isPart) throw new Error("parquet values that no page has");
      for (const { columnData, rowStart } of chunks) {
        storeValues(columnData, first - base + rowStart, place, { ...rowsOf, before: base });
      }
    }
    for (let row = 0; blocks !== undefined && row < end - first; row++) {
      blocks.block.set(features.subarray(row * width, (row + 1) * width), blocks.offset);
      blocks.add(targets[row]);
    }
    first = end;
    await onProgress?.({
      bytesRead: Math.round(size * first / rows),
      bytesTotal: size,
      rows: first,
    });
  }
  return blocks === undefined ? tableRows(plan, features, targets) : blocks.join();
}

/**
 * Reads the end of the file, which holds its metadata, and checks that the metadata are whole. The end of
 * another file is returned as it is, and the library refuses it.
 */
async function readFooter(
  read: ReturnType<typeof pieceReader>,
  size: number,
): Promise<ArrayBuffer> {
  const tail = await read(size - 8, size);
  const start = size - 8 - new DataView(tail.buffer).getUint32(0, true);
  const mark = String.fromCharCode(...tail.subarray(4));
  if (mark !== "PAR1" || start < 0) return tail.buffer;
  const bytes = await read(start, size);
  skipStruct({ bytes: bytes.subarray(0, -8), at: 0 });
  return bytes.buffer;
}

/**
 * Reads bytes of a file in larger pieces. A wide table has many columns of few bytes, one after the other.
 */
function pieceReader(handle: FileHandle, size: number) {
  let piece = new Uint8Array(0);
  let first = 0;
  return async (start: number, end: number): Promise<Uint8Array<ArrayBuffer>> => {
    if (start < first || end > first + piece.length) {
      const bytes = new Uint8Array(Math.max(end - start, Math.min(PIECE_BYTES, size - start)));
      await handle.read(bytes, 0, bytes.length, start);
      if (bytes.length === end - start) return bytes;
      [piece, first] = [bytes, start];
    }
    return piece.slice(start - first, end - first);
  };
}

/**
 * The metadata of one column of one row group. The library goes through all metadata in every call. With
 * the whole file's metadata the time would grow with the square of the columns.
 */
export function columnMetadata(
  metadata: FileMetaData,
  group: FileMetaData["row_groups"][number],
  element: FileMetaData["schema"][number],
  chunk: FileMetaData["row_groups"][number]["columns"][number],
): FileMetaData {
  const schema = [{ ...metadata.schema[0], num_children: 1 }, element];
  return { ...metadata, schema, row_groups: [{ ...group, columns: [chunk] }] };
}

function refuseUnknownCompression(
  { row_groups }: FileMetaData,
  used: ReadonlySet<string>,
  where: string,
): void {
  for (const { columns } of row_groups) {
    for (const { meta_data } of columns) {
      if (meta_data === undefined || !used.has(meta_data.path_in_schema[0])) continue;
      const { codec } = meta_data;
      if (["UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD", "BROTLI"].includes(codec)) continue;
      throw new TypeError(
        `${where}: found ${
          codec ?? "an unknown"
        } compression, need Snappy, gzip, zstd, Brotli or none`,
      );
    }
  }
}

/** The number of rows of all row groups. Refuses more rows than the file can hold. */
function rowCount(metadata: FileMetaData, size: number, where: string): number {
  const rows = metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
  // A column of equal values takes almost no bytes. But no real table has a thousand rows per byte.
  if (rows === Number(metadata.num_rows) && rows <= 1024 * size) return rows;
  throw new SyntaxError(
    `${where}: found ${rows} rows in row groups and ${metadata.num_rows} in all, ` +
      `need an intact Parquet file`,
  );
}

/**
 * Makes the decompressors for the library.
 *
 * @param check Receives every unpacked page.
 * @param unpackSnappy The library's function for Snappy. It fills its second argument.
 */
function compressorsThat(
  check: (page: Uint8Array) => void,
  unpackSnappy: (bytes: Uint8Array, page: Uint8Array) => void,
): Compressors {
  const { gunzipSync, zstdDecompressSync, brotliDecompressSync } = node.zlib;
  const limited =
    (unpack: (bytes: Uint8Array, options: { maxOutputLength: number }) => Uint8Array) =>
    (bytes: Uint8Array, length: number) => {
      const page = unpack(bytes, { maxOutputLength: Math.max(1, length) });
      check(page);
      return page;
    };
  return {
    SNAPPY(bytes, length) {
      const page = new Uint8Array(length);
      unpackSnappy(bytes, page);
      check(page);
      return page;
    },
    GZIP: limited(gunzipSync),
    ZSTD: limited(zstdDecompressSync),
    BROTLI: limited(brotliDecompressSync),
  };
}
