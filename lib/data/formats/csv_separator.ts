import { node } from "../../node.ts";
import { csvRow } from "./csv_row.ts";

/** The signs that may stand between cells, the usual one first. */
const SEPARATORS = [",", ";", "\t", "|"] as const;

/** A sign that stands between the cells of a table. */
export type Separator = typeof SEPARATORS[number];

/**
 * The sign that separates the cells of a table, told from its header row: the one that gives a column the
 * target's name, or else the one that occurs most often outside of quotes.
 *
 * @param text The table's text, a letter a byte, as far as it is there.
 * @param from The place of the header row.
 * @param target The name of the target column, or `null` for none.
 */
export function separatorOf(text: string, from: number, target: string | null): Separator {
  const counts = new Map<string, number>();
  let isQuoted = false;
  for (let i = from; i < text.length; i++) {
    const sign = text[i];
    if (sign === '"') isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (sign === "\n" || sign === "\r") break;
    else counts.set(sign, (counts.get(sign) ?? 0) + 1);
  }
  const found = SEPARATORS.filter((sign) => counts.has(sign));
  const name = target === null ? null : node.buffer.Buffer.from(target).toString("latin1");
  const fitting = name === null
    ? []
    : found.filter((sign) => csvRow(text, from, true, sign).cells.includes(name));
  const candidates = fitting.length > 0 ? fitting : found;
  return candidates.reduce<Separator>(
    (best, sign) => counts.get(sign)! > (counts.get(best) ?? 0) ? sign : best,
    candidates[0] ?? ",",
  );
}
