/**
 * Numbers that are not written plainly: `9,728`, `$1,204.50`, `12 %`, `3,5`, `2024-01-05`, `31/12/2025`,
 * `10:30`, `true`. A column is read in a notation if all of its cells can be.
 *
 * @module
 */
import { quoted } from "../../messages.ts";

/** The kinds of notations. */
export const NOTATION_KINDS = ["point", "comma", "date", "time", "boolean"] as const;

/** The orders of day and month in dates such as 31/12/2025. */
export const DATE_ORDERS = ["day-first", "month-first"] as const;

/** The notation of a column's numbers. A plain object that is stored with the model. */
export interface Notation {
  /**
   * - `"point"`: numbers with a decimal point, and maybe commas, blanks or apostrophes between thousands;
   * - `"comma"`: numbers with a decimal comma, and maybe points or blanks between thousands;
   * - `"date"`: dates, with or without a time, as days since `origin`. They are written as in ISO 8601;
   *   with an `order` also in other ways;
   * - `"time"`: times of a day, as seconds since midnight;
   * - `"boolean"`: `true` and `false`, as 1 and 0.
   */
  readonly kind: "point" | "comma" | "date" | "time" | "boolean";
  /** A currency's sign or code before or after the number, or `%`. */
  readonly sign?: string | undefined;
  /**
   * The day that becomes 0, as a number of days since 1970-01-01. A near origin leaves a 32-bit float more
   * digits for the time.
   */
  readonly origin?: number | undefined;
  /**
   * The order of day and month in dates such as `31/12/2025`. Left out: all dates are written as in ISO
   * 8601.
   */
  readonly order?: "day-first" | "month-first" | undefined;
  /** A word that stands for a missing value, in addition to the words that do so in every column. */
  readonly missing?: string | undefined;
}

/** The notation of plain numbers with dashes for missing values. */
export const PLAIN_NUMBERS: Notation = { kind: "point" };

/** Words that stand for a missing value if all other cells are numbers. */
const DASHES = /^(-{1,3}|[–—.])$/;

const SIGN = "[$€£¥₹₩₽₺₫฿]|[A-Z]{2,3}\\$|USD|EUR|GBP|JPY|CHF|CNY|INR|AUD|CAD|SEK|NOK|DKK|PLN|CZK|%";
const SIGNED = new RegExp(`^([+-]?)\\s*(?:(${SIGN})\\s*)?([+-]?[\\d.,'’\\s]+?)(?:\\s*(${SIGN}))?$`);
const PLAIN = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const POINT =
  /^[+-]?(?:\d+|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{0,2}(?:[ \u00a0\u202f'’]\d{3})+)(?:\.\d+)?$/;
// A single point could be a decimal point. It separates thousands only if there is a comma or a second
// point.
const COMMA =
  /^[+-]?(?:\d+(?:,\d+)?|[1-9]\d{0,2}(?:\.\d{3})+,\d+|[1-9]\d{0,2}(?:\.\d{3}){2,}|[1-9]\d{0,2}(?:[ \u00a0\u202f]\d{3})+(?:,\d+)?)$/;
const DATE =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d(?:\.\d+)?))?\s*(Z|[+-]\d\d:?\d\d)?)?$/i;
/** Day, month and year with slashes, points or dashes between them, and maybe a time. */
const ORDERED = /^(\d\d?)([/.-])(\d\d?)\2(\d{4})(?:[T ](\d\d?)(:\d\d(?::\d\d(?:\.\d+)?)?))?$/;
const TIME = /^(\d\d?):(\d\d)(?::(\d\d(?:\.\d+)?))?$/;
const BOOLEAN = /^(true|false)$/i;

const SECONDS = 86_400;

/** Returns `true` for a word such as `-`, which stands for a missing value among numbers. */
export function isDash(word: string): boolean {
  return DASHES.test(word);
}

/** The notations in which a word that is not a plain number can be read as a number. */
export function notationsOf(word: string): Notation[] {
  if (BOOLEAN.test(word)) return [{ kind: "boolean" }];
  if (TIME.test(word)) return [{ kind: "time" } as const].filter((time) => fits(time, word));
  const dates = datesOf(word);
  if (dates.length > 0) return dates;
  const [, , before, , after] = SIGNED.exec(word) ?? [];
  const sign = before ?? after;
  return (["point", "comma"] as const).map((kind) => ({ kind, sign }))
    .filter((notation) => fits(notation, word));
}

/** The notations in which a word can be read as a date. */
function datesOf(word: string): Notation[] {
  return ([undefined, ...DATE_ORDERS] as const).flatMap((order): Notation[] => {
    const days = dayOf(isoText(word, order));
    if (Number.isNaN(days)) return [];
    const origin = Math.floor(days);
    return [order === undefined ? { kind: "date", origin } : { kind: "date", order, origin }];
  });
}

/** Returns `true` if dates may have the day or the month first. */
export function isAmbiguous([first, second]: readonly Notation[]): boolean {
  return first?.order !== undefined && second?.order !== undefined;
}

/**
 * The order of day and month in all dates among texts. `undefined`: they have no common order, or it is
 * ambiguous.
 */
export function dateOrder(texts: readonly string[]): Notation["order"] {
  let left: readonly Notation[] | undefined;
  for (const text of texts) {
    const word = text.trim();
    if (!ORDERED.test(word)) continue;
    left = (left ?? datesOf(word)).filter((notation) => fits(notation, word));
  }
  return left?.length === 1 ? left[0].order : undefined;
}

/** Returns `true` if a word can be read in a notation. */
export function fits(notation: Notation, word: string): boolean {
  return word === notation.missing || !Number.isNaN(notatedNumber(notation, word));
}

/** The number that a word stands for in a notation. NaN if it stands for none. */
export function notatedNumber({ kind, sign, origin = 0, order }: Notation, word: string): number {
  switch (kind) {
    case "boolean":
      if (PLAIN.test(word)) return [0, 1].includes(Number(word)) ? Number(word) : NaN;
      return BOOLEAN.test(word) ? Number(word.toLowerCase() === "true") : NaN;
    case "date":
      return dayOf(isoText(word, order)) - origin;
    case "time": {
      const [match, hours, minutes, seconds = "0"] = TIME.exec(word) ?? [];
      if (match === undefined || +hours > 24 || +minutes > 59 || +seconds >= 61) return NaN;
      return 3600 * +hours + 60 * +minutes + +seconds;
    }
  }
  // A percentage needs its sign in every cell. An amount may be without its sign.
  if (PLAIN.test(word) && sign !== "%" && (kind === "point" || /^[+-]?\d+$/.test(word))) {
    return Number(word);
  }
  const [match, minus, before, digits, after] = SIGNED.exec(word) ?? [];
  if (match === undefined || (before !== undefined && after !== undefined)) return NaN;
  const found = before ?? after;
  if (found !== undefined ? found !== sign : sign === "%") return NaN;
  if (!(kind === "point" ? POINT : COMMA).test(digits) || (minus !== "" && /^[+-]/.test(digits))) {
    return NaN;
  }
  const bare = digits.replaceAll(kind === "point" ? /[,\s'’]/g : /[.\s]/g, "").replace(",", ".");
  return minus === "-" ? -Number(bare) : Number(bare);
}

/** Writes a date as in ISO 8601. Other words, and dates that are already written so, stay as they are. */
export function isoText(word: string, order: Notation["order"]): string {
  const [match, first, separator, second, year, hours, rest] = ORDERED.exec(word) ?? [];
  // Nobody writes points behind a month.
  if (order === undefined || match === undefined) return word;
  if (separator === "." && order === "month-first") return word;
  const [day, month] = order === "day-first" ? [first, second] : [second, first];
  const two = (digits: string) => digits.padStart(2, "0");
  const time = hours === undefined ? "" : ` ${two(hours)}${rest}`;
  return `${year}-${two(month)}-${two(day)}${time}`;
}

/** The days from 1970-01-01 to a date, with its time as a fraction. NaN if the word is not a date. */
function dayOf(word: string): number {
  const [match, year, month, day, hours = "0", minutes = "0", seconds = "0", zone = "Z"] =
    DATE.exec(word) ?? [];
  if (match === undefined || +hours > 24 || +minutes > 59 || +seconds >= 61) return NaN;
  const midnight = Date.UTC(+year, +month - 1, +day);
  // `Date` would read 30 February as a day in March, and the year 24 as 1924.
  const isDay = +year >= 100 && +month >= 1 && +month <= 12 && +day >= 1 &&
    midnight < Date.UTC(+year, +month, 1);
  if (!isDay) return NaN;
  const [, sign, zoneHours, zoneMinutes] = /([+-])(\d\d):?(\d\d)/.exec(zone) ?? ["", "+", "0", "0"];
  const offset = (sign === "-" ? -1 : 1) * (3600 * +zoneHours + 60 * +zoneMinutes);
  return (midnight / 1000 + 3600 * +hours + 60 * +minutes + +seconds - offset) / SECONDS;
}

/** Describes for people how a column is read. */
export function notationText({ kind, sign, origin = 0, order, missing }: Notation): string {
  // The Swedish locale writes dates as in ISO 8601.
  const day = new Intl.DateTimeFormat("sv-SE", { timeZone: "UTC" }).format(origin * SECONDS * 1000);
  const text = {
    point: sign === "%"
      ? "percentages"
      : sign !== undefined
      ? `amounts in ${sign}`
      : missing === undefined
      ? "numbers with separated thousands"
      : "numbers",
    comma: `${
      sign === "%" ? "percentages" : sign === undefined ? "numbers" : `amounts in ${sign}`
    } with decimal commas`,
    date: `dates${
      order === undefined ? "" : ` with the ${order.replace("-", " ")}`
    }, in days since ${day}`,
    time: "times, in seconds since midnight",
    boolean: "numbers, true as 1 and false as 0",
  }[kind];
  return missing === undefined ? text : `${text}, ${JSON.stringify(missing)} as a missing value`;
}

/** Describes a text that is not a plain number. */
export function lookOf(word: string): string {
  const [look] = notationsOf(word);
  return look === undefined ? "" : ` (as in a column of ${notationText(look)})`;
}

/** The first date among the texts of a column. */
export function firstDate(codes: ReadonlyMap<string, number>, dash: string | null): string {
  return [...codes.keys()].find((text) => text !== dash)!;
}

/** The error about a column of ambiguous dates that has too many of them for categories. */
export function ambiguousDates(where: string, date: string): SyntaxError {
  return new SyntaxError(
    `${where}: found dates such as ${
      quoted(date)
    }, all of which may have the day or the month first, ` +
      `need one with a day beyond 12, or dates as 2024-01-05; or leave the column out`,
  );
}

/**
 * Checks a notation that comes from outside, such as a model file.
 *
 * @throws {TypeError} If the value is not a notation.
 */
export function validateNotation(notation: Notation): void {
  const { kind, sign, origin = 0, order, missing = "-" } = notation;
  const isKnown = NOTATION_KINDS.includes(kind);
  const hasSign = sign === undefined || new RegExp(`^(?:${SIGN})$`).test(sign);
  const hasOrder = order === undefined || (kind === "date" && DATE_ORDERS.includes(order));
  if (isKnown && hasSign && hasOrder && Math.abs(origin) < 1e7 && isDash(missing)) return;
  throw new TypeError(`Cannot use a notation: found ${JSON.stringify(notation)}, need a known one`);
}

/**
 * The error for a text that is not in the notation of its column.
 *
 * @param isOpen `true` if the user may still choose the kind of the column; `false` if a model has fixed
 * it.
 */
export function notWritten(
  notation: Notation,
  text: string,
  where: () => string,
  isOpen: boolean,
): SyntaxError {
  return new SyntaxError(
    `${where()}: found ${text.trim() === "" ? "an empty cell" : quoted(text)}, ` +
      `need one like the column's others: ${notationText(notation)}` +
      (isOpen
        ? "; name the column as categorical if these are names"
        : ", as in the table that the model learned from"),
  );
}
