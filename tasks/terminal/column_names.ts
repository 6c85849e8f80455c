import { readHeader, type TableSource } from "../../lib/data/formats/mod.ts";

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
