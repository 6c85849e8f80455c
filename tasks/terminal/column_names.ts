import { readHeader, type TableSource } from "../../lib/data/formats/mod.ts";

/** Takes the names of an option that may come several times. */
export function takeColumns(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}

/**
 * The columns that the texts of an option name: one that is called exactly so, or several, separated by
 * commas. Names with a comma or a blank around them may stand between quotes, as in CSV.
 *
 * @param file The table that has the columns. It is opened only where a text can be read in two ways.
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
