/**
 * Checks the pages of a Parquet file's column before the library decodes them. The library trusts every
 * count that it reads. So a few bytes could fill the memory, or keep the library busy for ever (Apache
 * Parquet, "Data Pages", https://parquet.apache.org/docs/file-format/data-pages/).
 *
 * @module
 */
import {
  FALSE,
  I32,
  readNumber,
  readStruct,
  readVarint,
  STRUCT,
  type ThriftPlace,
} from "./thrift.ts";

/** The column that the pages belong to. */
export interface PageColumn {
  /** The physical type, such as `"DOUBLE"`. */
  readonly type: string;
  /** `true` if values may be missing. */
  readonly isOptional: boolean;
  /** `true` if the pages are compressed. */
  readonly isCompressed: boolean;
  /** The rows of the row group. */
  readonly rows: number;
}

/** The kinds of pages, by the number that they have in a file. */
const DATA = 0;
const DICTIONARY = 2;
const DATA_V2 = 3;

/** The encodings whose counts are checked, by the number that they have in a file. */
const PLAIN = 0;
const PLAIN_DICTIONARY = 2;
const RLE = 3;
const DELTA = 5;
const DELTA_LENGTHS = 6;
const DELTA_TEXTS = 7;
const RLE_DICTIONARY = 8;

/** The number of bytes of a value, by its type. */
const WIDTHS: Readonly<Record<string, number>> = {
  BOOLEAN: 1 / 8,
  INT32: 4,
  INT64: 8,
  INT96: 12,
  FLOAT: 4,
  DOUBLE: 8,
  BYTE_ARRAY: 4,
};

/**
 * A page may have at most the first number of bytes unpacked, or at most the second number × its packed
 * bytes, whichever is more.
 */
const [LARGEST_PAGE, LARGEST_RATIO] = [2 ** 28, 64];

/** The number of values that a run of packed bits may have beyond the number needed. */
const PADDING = 4096;

/** The header of a page. */
interface Page {
  readonly kind: number;
  /** The number of bytes of its data, unpacked and packed. */
  readonly unpacked: number;
  readonly packed: number;
  readonly values: number;
  readonly encoding: number;
  /**
   * In pages of the second version: the number of missing values, and the bytes of the levels, which are
   * never compressed.
   */
  readonly nulls: number;
  readonly levels: number;
  readonly isCompressed: boolean;
}

/**
 * Checks the pages of a column. A compressed page is checked when it is unpacked.
 *
 * @param bytes The pages.
 * @returns One check per compressed page, in order. It takes the page's unpacked data.
 * @throws {Error} If a page claims more values than its bytes can hold, or more than the row group has
 * rows.
 */
export function checkPages(
  bytes: Uint8Array,
  column: PageColumn,
): ((unpacked: Uint8Array) => void)[] {
  const checks: ((unpacked: Uint8Array) => void)[] = [];
  const place = { bytes, at: 0 };
  let rows = 0;
  while (rows < column.rows && place.at < bytes.length - 1) {
    const page = pageHeader(place);
    const left = bytes.length - place.at;
    if (page.packed > left) {
      throw new Error(`parquet page of ${page.packed} bytes, of which ${left} are there`);
    }
    if (page.kind !== DICTIONARY) rows += page.values;
    if (rows > column.rows) {
      throw new Error(`parquet pages of ${rows} values for ${column.rows} rows`);
    }
    const data = bytes.subarray(place.at, place.at + page.packed);
    place.at += page.packed;
    if (page.kind === DATA_V2 && column.isOptional) {
      const levels = data.subarray(0, page.levels);
      if (page.values - runs({ bytes: levels, at: 0 }, 1, page.values) !== page.nulls) {
        throw new Error("parquet page with another number of missing values than its header says");
      }
    }
    const isCompressed = column.isCompressed && page.isCompressed;
    if (isCompressed) checks.push((unpacked) => checkData(unpacked, page, column));
    else checkData(data.subarray(page.levels), page, column);
  }
  return checks;
}

function pageHeader(place: ThriftPlace): Page {
  const numbers = new Map<string, number>();
  const take = (name: string, type: number) => {
    if (type !== I32) return false;
    numbers.set(name, readNumber(place));
    return true;
  };
  let isCompressed = true;
  readStruct(place, 0, (field, type) => {
    if (type !== STRUCT) return take(`${field}`, type);
    readStruct(place, 1, (inner, innerType) => {
      if (field === 8 && inner === 7) isCompressed = innerType !== FALSE;
      return take(`${field}.${inner}`, innerType);
    });
    return true;
  });
  const of = (name: string, otherwise = NaN) => {
    const number = numbers.get(name) ?? otherwise;
    if (number >= 0) return number;
    throw new Error(
      `parquet page with ${Number.isNaN(number) ? "no number" : number} in its header`,
    );
  };
  const kind = of("1");
  const inner = { [DATA]: 5, [DICTIONARY]: 7, [DATA_V2]: 8 }[kind];
  if (inner === undefined) throw new Error(`parquet page of the unknown kind ${kind}`);
  const isSecond = kind === DATA_V2;
  const levels = isSecond ? of("8.5") : 0;
  // Every row holds one value, so there are no levels of repetition.
  if (isSecond && of("8.6") > 0) throw new Error("parquet page with levels of repetition");
  const page = {
    kind,
    unpacked: of("2"),
    packed: of("3"),
    values: of(`${inner}.1`),
    encoding: of(isSecond ? "8.4" : `${inner}.2`),
    nulls: isSecond ? of("8.2") : 0,
    levels,
    isCompressed,
  };
  const most = Math.max(LARGEST_PAGE, LARGEST_RATIO * page.packed);
  if (page.unpacked > most || levels > page.packed || levels > page.unpacked) {
    throw new Error(
      `parquet page of ${page.unpacked} bytes out of ${page.packed}, levels ${levels}`,
    );
  }
  if (page.nulls > page.values) {
    throw new Error("parquet page with more missing values than values");
  }
  return page;
}

/** Checks the data of a page. In the first version the levels are part of the data. */
function checkData(bytes: Uint8Array, page: Page, { type, isOptional }: PageColumn): void {
  const place = { bytes, at: 0 };
  let values = page.values - page.nulls;
  if (page.kind === DATA && isOptional) {
    const end = place.at + 4 + lengthAt(place);
    place.at += 4;
    values = runs(place, 1, page.values);
    place.at = end;
  }
  const isRuns = [PLAIN_DICTIONARY, RLE_DICTIONARY, RLE].includes(page.encoding);
  const isBits = page.kind === DATA ? type === "BOOLEAN" : page.encoding === RLE;
  if (page.kind === DICTIONARY || page.encoding === PLAIN) {
    const width = WIDTHS[type] ?? 1;
    const left = Math.max(0, bytes.length - place.at);
    if (values * width > left) {
      throw new Error(`parquet page of ${left} bytes for ${values} values`);
    }
  } else if (isRuns && isBits) {
    place.at += 4;
    runs(place, 1, values);
  } else if (isRuns) {
    const width = values === 0 ? 0 : bytes[place.at++];
    if (!(width <= 32)) throw new Error(`parquet page with places of ${width} bits`);
    if (width > 0 || page.kind === DATA_V2) runs(place, width, values);
  } else if (page.encoding === DELTA) checkDeltas(place, values);
  else if (page.encoding === DELTA_LENGTHS) checkLengths(place, values);
  else if (page.encoding === DELTA_TEXTS) {
    // A text repeats the beginning of the one before it. The repeated part takes no bytes of the page.
    const repeated = checkDeltas(place, values, LARGEST_PAGE);
    checkLengths(place, values);
    if (repeated > LARGEST_PAGE) {
      throw new Error(`parquet page whose texts repeat more than ${LARGEST_PAGE} bytes`);
    }
  }
}

/** Checks the lengths of texts, which are stored before the texts. */
function checkLengths(place: ThriftPlace, values: number): void {
  const bytes = checkDeltas(place, values, place.bytes.length);
  const left = place.bytes.length - place.at;
  if (bytes > left) throw new Error(`parquet page of ${left} bytes for texts of ${bytes}`);
}

function lengthAt({ bytes, at }: ThriftPlace): number {
  if (at + 4 > bytes.length) throw new Error("parquet page that ends within its levels");
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true);
}

/**
 * Checks runs of equal values and of packed bits.
 *
 * @returns The sum of the values, if each has one bit.
 */
function runs(place: ThriftPlace, width: number, values: number): number {
  const { bytes } = place;
  let ones = 0;
  for (let seen = 0; seen < values;) {
    const head = readVarint(place);
    const left = values - seen;
    const count = Math.floor(head / 2);
    if (head % 2 === 0) {
      if (count > left) throw new Error(`parquet run of ${count} values, ${left} are left`);
      if (width === 1) ones += count * (bytes[place.at] & 1);
      place.at += Math.ceil(width / 8);
      seen += count;
      continue;
    }
    if (8 * count > left + PADDING) {
      throw new Error(`parquet run of ${8 * count} values, ${left} are left`);
    }
    if (width === 1) ones += bitsIn(bytes, place.at, Math.min(left, 8 * count));
    place.at += count * width;
    seen += 8 * count;
  }
  return ones;
}

function bitsIn(bytes: Uint8Array, from: number, count: number): number {
  let sum = 0;
  for (let k = 0; k < count; k += 8) {
    let byte = bytes[from + k / 8];
    if (count - k < 8) byte &= (1 << (count - k)) - 1;
    for (; byte > 0; byte &= byte - 1) sum++;
  }
  return sum;
}

/**
 * Checks blocks of numbers that are stored as differences.
 *
 * @param largest The largest allowed number, if the numbers are lengths. Left out: they are not lengths.
 * @returns The sum of the numbers, if they are lengths.
 */
function checkDeltas(place: ThriftPlace, values: number, largest?: number): number {
  const size = readVarint(place);
  const parts = readVarint(place);
  readVarint(place);
  let last = readNumber(place);
  let sum = 0;
  const take = (difference: number) => {
    last += difference;
    if (!(last >= 0 && last <= largest!)) throw new Error(`parquet text of ${last} bytes`);
    sum += last;
  };
  if (largest !== undefined && values > 0) take(0);
  const inPart = size / parts;
  if (values > 1 && !(inPart > 0 && Number.isInteger(inPart))) {
    throw new Error(`parquet page with blocks of ${size} values in ${parts} parts`);
  }
  for (let seen = 1; seen < values; seen += size) {
    const least = readNumber(place);
    const widths = place.bytes.subarray(place.at, place.at + parts);
    place.at += parts;
    if (widths.length < parts) throw new Error("parquet page that ends within its blocks");
    for (let part = 0; part < parts && seen + part * inPart < values; part++) {
      const from = seen + part * inPart;
      if (largest !== undefined) {
        for (let k = 0; k < inPart && from + k < values; k++) {
          take(least + bitsAt(place, k * widths[part], widths[part]));
        }
      }
      place.at += Math.ceil(widths[part] * inPart / 8);
    }
  }
  return sum;
}

/** The number of `width` bits that begins `from` bits after the place. */
function bitsAt({ bytes, at }: ThriftPlace, from: number, width: number): number {
  let value = 0;
  for (let bit = from, done = 0; done < width;) {
    const taken = Math.min(8 - bit % 8, width - done);
    const byte = bytes[at + Math.floor(bit / 8)] ?? NaN;
    value += (byte >> bit % 8 & (1 << taken) - 1) * 2 ** done;
    bit += taken;
    done += taken;
  }
  return value;
}
