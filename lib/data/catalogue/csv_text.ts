/**
 * Tables as CSV text.
 *
 * @module
 */
import { csvLine } from "../../csv_line.ts";
import { type Dataset, textLines } from "../table/mod.ts";
import { quoted, quotedList, quotedPath } from "../../messages.ts";

/** Rows that are written at a time. */
const ROWS = 1000;

/**
 * A data set as CSV, in pieces. The features come first and the target last. Numbers have the fewest digits
 * that give the same 32-bit float.
 *
 * @example
 * ```ts
 * import { datasetFromArrays } from "@sparsemble/sparsemble";
 * import { datasetCsv } from "@sparsemble/sparsemble/data";
 * import assert from "node:assert/strict";
 *
 * const dataset = datasetFromArrays({ features: [[0.1, 2], [3, 4]], labels: ["no", "yes"] });
 * assert.equal([...datasetCsv(dataset)].join(""), "x0,x1,class\n0.1,2,no\n3,4,yes\n");
 * ```
 */
export function* datasetCsv(dataset: Dataset): Generator<string> {
  const { features, rows, columns, featureNames, labels, classes, target } = dataset;
  yield `${csvLine([...featureNames, target])}\n`;
  const labelCells = classes.map((name) => csvLine([name]));
  for (let first = 0; first < rows; first += ROWS) {
    let text = "";
    for (let row = first; row < Math.min(rows, first + ROWS); row++) {
      for (let column = 0; column < columns; column++) {
        text += `${shortestDecimal(features[row * columns + column])},`;
      }
      text += `${labelCells[labels[row]]}\n`;
    }
    yield text;
  }
}

/** The shortest decimal that is read as this 32-bit float. */
export function shortestDecimal(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return `${rounded}`;
  }
  return `${Number(value.toPrecision(9))}`;
}

/**
 * Formats a number with nine significant digits, like `%.9g` in C and Python. They identify any 32-bit
 * float.
 */
export function nineDigits(value: number): string {
  const [mantissa, power] = value.toExponential(8).split("e");
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 9) {
    return value.toFixed(8 - exponent).replace(/\.?0+$/, exponent === 8 ? "$&" : "");
  }
  const sign = exponent < 0 ? "-" : "+";
  return `${mantissa.replace(/\.?0+$/, "")}e${sign}${`${Math.abs(exponent)}`.padStart(2, "0")}`;
}

/** Options of {@linkcode relabelled}. */
export interface Relabelling {
  /** The columns' names, if the first line is not a header. */
  readonly header?: readonly string[] | undefined;
  /** The column of labels, or `null` for the last. */
  readonly label: string | null;
  /** Its new name. */
  readonly target: string;
  /** The new names of the labels, or `null` to keep the old ones. */
  readonly codes: Readonly<Record<string, string>> | null;
}

/** A row of a table of text. */
export interface TextRow {
  /** The features, as they are written. */
  readonly features: string;
  /** The label, after the change. */
  readonly label: string;
}

/**
 * Yields the header and then the rows of a table of plain cells. The labels are renamed and put last. The
 * features keep their spelling.
 *
 * @throws {SyntaxError} If a cell is quoted, a row has another number of cells, the column of labels is
 * missing, or a label has no new name.
 */
export async function* relabelled(
  path: string,
  { header, label, target, codes }: Relabelling,
): AsyncGenerator<string | TextRow[]> {
  let width = 0;
  let place = -1;
  const begin = (names: readonly string[], line: number): string => {
    width = names.length;
    place = label === null ? width - 1 : names.indexOf(label);
    if (place < 0) {
      throw new SyntaxError(
        `Cannot read ${quotedPath(path)}, line ${line}: found no column ${quoted(label!)}, ` +
          `need it as the target`,
      );
    }
    return [...names.filter((_, k) => k !== place), target].join(",");
  };
  if (header !== undefined) yield begin(header, 1);
  for await (const { lines, first } of textLines(path)) {
    const rows: TextRow[] = [];
    for (let k = 0; k < lines.length; k++) {
      const line = lines[k];
      const where = `Cannot read ${quotedPath(path)}, line ${first + k}`;
      if (line.includes('"')) {
        throw new SyntaxError(`${where}: found a quoted cell, need plain ones in this file`);
      }
      if (width === 0) {
        yield begin(line.split(","), first + k);
        continue;
      }
      if (line === "") continue;
      const cells = line.split(",");
      if (cells.length !== width) {
        throw new SyntaxError(`${where}: found ${cells.length} fields, need ${width}`);
      }
      const [found] = cells.splice(place, 1);
      rows.push({ features: cells.join(","), label: newLabel(found, codes, where) });
    }
    yield rows;
  }
}

/**
 * The catalogue's name of a label.
 *
 * @throws {SyntaxError} If the label has no new name.
 */
export function newLabel(label: string, codes: Relabelling["codes"], where: string): string {
  if (codes === null) return label;
  if (Object.hasOwn(codes, label)) return codes[label];
  const need = quotedList(Object.keys(codes));
  throw new SyntaxError(`${where}: found the class ${quoted(label)}, need one of ${need}`);
}
