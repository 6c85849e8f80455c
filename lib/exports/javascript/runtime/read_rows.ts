import type { Facts } from "./facts.ts";

/** A row: cells in the order of the model's columns, or an object with them by name. */
export type Row = readonly unknown[] | Readonly<Record<string, unknown>>;

/**
 * Makes a function that turns rows into numbers: NaN where a value is missing, codes of categories. The
 * rules are those of `rawFeatures` of the library.
 *
 * It goes into exported modules as it stands: it must not use anything from outside but its arguments.
 */
export function rowReader(
  { columns, texts, notations, numbers, missing, categories }: Facts,
): (rows: readonly Row[]) => Float32Array {
  const PLAIN = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
  const MISSING = /^([+-]?nan|na|n\/a|#n\/a|null|none|\?|)$/i;
  // A word that is a missing value among numbers, and may be a category among texts.
  const DASH = /^(-{1,3}|[–—.])$/;
  const DATE =
    /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d(?:\.\d+)?))?\s*(Z|[+-]\d\d:?\d\d)?)?$/i;
  const ORDERED = /^(\d\d?)([/.-])(\d\d?)\2(\d{4})(?:[T ](\d\d?)(:\d\d(?::\d\d(?:\.\d+)?)?))?$/;
  const TIME = /^(\d\d?):(\d\d)(?::(\d\d(?:\.\d+)?))?$/;
  const BOOLEAN = /^(true|false)$/i;
  const SIGN =
    "[$€£¥₹₩₽₺₫฿]|[A-Z]{2,3}\\$|USD|EUR|GBP|JPY|CHF|CNY|INR|AUD|CAD|SEK|NOK|DKK|PLN|CZK|%";
  const SIGNED = new RegExp(
    `^([+-]?)\\s*(?:(${SIGN})\\s*)?([+-]?[\\d.,'’\\s]+?)(?:\\s*(${SIGN}))?$`,
  );
  const POINT =
    /^[+-]?(?:\d+|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{0,2}(?:[ \u00a0\u202f'’]\d{3})+)(?:\.\d+)?$/;
  const COMMA =
    /^[+-]?(?:\d+(?:,\d+)?|[1-9]\d{0,2}(?:\.\d{3})+,\d+|[1-9]\d{0,2}(?:\.\d{3}){2,}|[1-9]\d{0,2}(?:[ \u00a0\u202f]\d{3})+(?:,\d+)?)$/;
  const OTHER_CATEGORY = -1;

  const isNothing = (cell: unknown) => cell === null || cell === undefined || Number.isNaN(cell);

  const textOf = (cell: unknown, where: string): string => {
    if (typeof cell === "string") return cell.trim();
    if (typeof cell === "bigint" || typeof cell === "number") return `${cell}`;
    if (typeof cell === "boolean") return cell ? "True" : "False";
    if (cell instanceof Date && !Number.isNaN(cell.getTime())) {
      return cell.toISOString().replace("T00:00:00.000Z", "");
    }
    throw new TypeError(`${where}: found ${typeof cell}, need a number, a text or null`);
  };

  const plainNumber = (cell: unknown, where: string): number => {
    if (typeof cell === "number") return cell;
    if (isNothing(cell)) return NaN;
    if (typeof cell === "bigint" || typeof cell === "boolean") return Number(cell);
    const text = textOf(cell, where);
    if (PLAIN.test(text)) return Number(text);
    if (MISSING.test(text) || DASH.test(text)) return NaN;
    throw new TypeError(`${where}: found ${JSON.stringify(text)}, need a number`);
  };

  const isoText = (word: string, order: Facts["notations"][number]["order"]): string => {
    const [match, first, separator, second, year, hours, rest] = ORDERED.exec(word) ?? [];
    if (order === undefined || match === undefined) return word;
    if (separator === "." && order === "month-first") return word;
    const [day, month] = order === "day-first" ? [first, second] : [second, first];
    const two = (digits: string) => digits.padStart(2, "0");
    const time = hours === undefined ? "" : ` ${two(hours)}${rest}`;
    return `${year}-${two(month)}-${two(day)}${time}`;
  };

  const dayOf = (word: string): number => {
    const [match, year, month, day, hours = "0", minutes = "0", seconds = "0", zone = "Z"] =
      DATE.exec(word) ?? [];
    if (match === undefined || +hours > 24 || +minutes > 59 || +seconds >= 61) return NaN;
    const midnight = Date.UTC(+year, +month - 1, +day);
    const isDay = +year >= 100 && +month >= 1 && +month <= 12 && +day >= 1 &&
      midnight < Date.UTC(+year, +month, 1);
    if (!isDay) return NaN;
    const [, sign, zoneHours, zoneMinutes] = /([+-])(\d\d):?(\d\d)/.exec(zone) ??
      ["", "+", "0", "0"];
    const offset = (sign === "-" ? -1 : 1) * (3600 * +zoneHours + 60 * +zoneMinutes);
    return (midnight / 1000 + 3600 * +hours + 60 * +minutes + +seconds - offset) / 86400;
  };

  const notatedNumber = (
    { kind, sign, origin = 0, order }: Facts["notations"][number],
    word: string,
  ): number => {
    if (kind === "boolean") {
      if (PLAIN.test(word)) return [0, 1].includes(Number(word)) ? Number(word) : NaN;
      return BOOLEAN.test(word) ? Number(word.toLowerCase() === "true") : NaN;
    }
    if (kind === "date") return dayOf(isoText(word, order)) - origin;
    if (kind === "time") {
      const [match, hours, minutes, seconds = "0"] = TIME.exec(word) ?? [];
      if (match === undefined || +hours > 24 || +minutes > 59 || +seconds >= 61) return NaN;
      return 3600 * +hours + 60 * +minutes + +seconds;
    }
    if (PLAIN.test(word) && sign !== "%" && (kind === "point" || /^[+-]?\d+$/.test(word))) {
      return Number(word);
    }
    const [match, minus, before, digits, after] = SIGNED.exec(word) ?? [];
    if (match === undefined || (before !== undefined && after !== undefined)) return NaN;
    const found = before ?? after;
    if (found !== undefined ? found !== sign : sign === "%") return NaN;
    const isNumber = (kind === "point" ? POINT : COMMA).test(digits);
    if (!isNumber || (minus !== "" && /^[+-]/.test(digits))) return NaN;
    const bare = digits.replaceAll(kind === "point" ? /[,\s'’]/g : /[.\s]/g, "").replace(",", ".");
    return minus === "-" ? -Number(bare) : Number(bare);
  };

  const notated = (notation: Facts["notations"][number]) => (cell: unknown, where: string) => {
    if (typeof cell !== "string" && !(cell instanceof Date)) return plainNumber(cell, where);
    const word = textOf(cell, where);
    if (MISSING.test(word) || DASH.test(word)) return NaN;
    const number = notatedNumber(notation, word);
    if (!Number.isNaN(number)) return number;
    const { kind, order = "ISO" } = notation;
    const dates = { "day-first": "31/12/2024", "month-first": "12/31/2024", "ISO": "2024-01-05" };
    const need = { date: `a date as ${dates[order]}`, time: "a time as 10:30" }[kind as string];
    throw new TypeError(
      `${where}: found ${JSON.stringify(word)}, need ${
        need ?? "a number as the training rows have"
      }`,
    );
  };

  const coded = (categories: readonly string[]) => {
    const codes = new Map(categories.map((category, code) => [category, code]));
    return (cell: unknown, where: string) => {
      if (isNothing(cell)) return NaN;
      const word = textOf(cell, where);
      return codes.get(word) ?? (MISSING.test(word) ? NaN : OTHER_CATEGORY);
    };
  };

  const readers: ((cell: unknown, where: string) => number)[] = columns.map(() => plainNumber);
  for (const notation of notations) readers[notation.column] = notated(notation);
  for (const { column, categories } of texts) readers[column] = coded(categories);
  const used = new Set([...numbers, ...missing, ...categories].map(({ column }) => column));

  return (rows) => {
    if (!Array.isArray(rows)) throw new TypeError("Cannot predict: need a list of rows");
    const strange = rows.findIndex((row) => typeof row !== "object" || row === null);
    if (strange >= 0) {
      throw new TypeError(
        `Cannot predict: found ${typeof rows[strange]} as row ${strange}, need a list or object`,
      );
    }
    const lacking = columns.find((name, column) =>
      used.has(column) && rows.length > 0 &&
      rows.every((row) => !Array.isArray(row) && !(name in (row as object)))
    );
    if (lacking !== undefined) {
      throw new TypeError(
        `Cannot predict: found no row with ${JSON.stringify(lacking)}, need it, ` +
          "null where a value is missing",
      );
    }
    const features = new Float32Array(rows.length * columns.length);
    rows.forEach((row, r) => {
      const list = Array.isArray(row) || ArrayBuffer.isView(row)
        ? row as unknown as readonly unknown[]
        : columns.map((name) => (row as Readonly<Record<string, unknown>>)[name]);
      if (list.length !== columns.length) {
        throw new TypeError(
          `Cannot predict: found ${list.length} cells in row ${r}, need ${columns.length}`,
        );
      }
      for (let column = 0; column < columns.length; column++) {
        const where = `Cannot predict row ${r}, column ${JSON.stringify(columns[column])}`;
        const number = Math.fround(readers[column](list[column], where));
        if (Math.abs(number) === Infinity) {
          throw new RangeError(`${where}: found ${list[column]}, need a finite 32-bit number`);
        }
        features[r * columns.length + column] = number;
      }
    });
    return features;
  };
}
