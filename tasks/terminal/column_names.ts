import { readHeader, type TableSource } from "../../lib/data/formats/mod.ts";

/** The description of `--categorical` where a table is read. */
export const CATEGORICAL =
  "columns of categories, by name, beside those with text; none: no text (default: auto)";

/** Collects the names of an option that may occur several times. */
export function takeColumns(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}

/**
 * The columns that an option's texts name. A text is the exact name of a column, or several names separated
 * by commas. Names with a comma, or with blanks around them, may be quoted, as in CSV.
 *
 * @param file The table that has the columns. It is opened only if a text can be read in two ways.
 */
export async function columnNames(texts: readonly string[], file: TableSource): Promise<string[]> {
  const isPlain = texts.every((text) => !/^$|[,"]|^\s|\s$/.test(text));
  if (isPlain) return [...texts];
  const columns = new Set(await readHeader(file));
  const exact = (name: string) => columns.has(name) ? name : name.trim();
  return texts.flatMap((text) => {
    if (text === "" || columns.has(text)) return [text];
    return Array.from(
      text.matchAll(/(?:^|,)(?:\s*"((?:[^"]|"")*)"\s*(?=,|$)|([^,]*))/g),
      ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? exact(plain),
    );
  });
}

/**
 * The columns that `--categorical` names. `auto` adds nothing: the columns with text are found in any case.
 * `none` stands alone: it refuses text.
 *
 * @param file The table that has the columns. It is opened only if a text can be read in two ways.
 * @throws {TypeError} If there are names beside `none`.
 */
export async function categoricalColumns(
  texts: readonly string[] | undefined,
  file: TableSource,
): Promise<string[] | "auto"> {
  if (texts === undefined) return "auto";
  const names = await columnNames(texts, file);
  if (names.every((name) => name === "auto")) return "auto";
  if (names.length === 1 && names[0] === "none") return [];
  const isWord = (name: string) => name === "auto" || name === "none";
  if (!names.some(isWord)) return names;
  const columns = new Set(await readHeader(file));
  if (names.includes("none") && !columns.has("none")) {
    throw new TypeError(
      "Cannot combine --categorical none with names: found both, need names of columns, or none alone",
    );
  }
  return names.filter((name) => name !== "auto" || columns.has(name));
}
