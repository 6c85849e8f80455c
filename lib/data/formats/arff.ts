import { type ArffAttribute, arffAttribute } from "./arff_header.ts";
import { type ArffValue, arffValues } from "./arff_tokens.ts";
import { MAX_COLUMNS } from "./csv_row.ts";
import {
  type ColumnPlan,
  headerOnly,
  IGNORED,
  isDecimal,
  MAX_BLANK_LINES,
  NUMBER_TARGET,
  NUMBERS,
  type ProgressListener,
  type RowBlocks,
  rowBlocks,
  type RowsHandler,
  type TableRows,
  TARGET,
  textLines,
} from "../table/mod.ts";
import { plural, quoted, quotedList, quotedPath } from "../../messages.ts";

/**
 * Reads an ARFF file (`.arff`, `.arff.gz`), the format of Weka and OpenML, line by line. Features are
 * numeric attributes, or nominal ones whose values are numbers, unless the handler takes categories.
 * Labels may be of any type. Sparse rows are refused.
 *
 * @throws {SyntaxError} If the content cannot be parsed.
 * @throws {RangeError} If a number is out of range.
 * @throws {Error} If the file cannot be read; the system's error is its `cause`.
 */
export async function readArffTable(
  path: string,
  handler: RowsHandler,
  onProgress?: ProgressListener,
): Promise<TableRows> {
  const file = `Cannot read ${quotedPath(path)}`;
  const at = (line: number) => `${file}, line ${line}`;
  const { refuted } = handler.cells;
  const attributes: ArffAttribute[] = [];
  let plan: ColumnPlan | null = null;
  let blocks: RowBlocks | null = null;
  let skipped = 0;

  for await (const { lines, first, progress } of textLines(path)) {
    for (let k = 0; k < lines.length; k++) {
      const line = lines[k];
      const number = first + k;
      if (isSkipped(line)) {
        if (++skipped <= MAX_BLANK_LINES) continue;
        throw new SyntaxError(
          `${at(number)}: found more than ${MAX_BLANK_LINES} blank lines and comments, need fewer`,
        );
      }
      if (blocks !== null) {
        try {
          readRow(line, attributes, plan!, blocks, handler, () => at(number));
        } catch (error) {
          // The next pass over the file reports the first error.
          if (refuted.size === 0) throw error;
        }
        if (refuted.size > 0) return headerOnly(plan!.names);
        continue;
      }
      const word = /^\s*@?\w*/.exec(line)![0].trim().toLowerCase();
      if (attributes.length > MAX_COLUMNS) {
        throw new RangeError(
          `${at(number)}: found more than ${MAX_COLUMNS} attributes, need fewer`,
        );
      }
      if (word === "@attribute") attributes.push(arffAttribute(line, number, at(number)));
      else if (word === "@data") {
        const names = attributes.map(({ name }) => name);
        plan = handler.plan(names, at(number));
        if (plan === null) return headerOnly(names);
        refuseUnread(attributes, plan, handler, at);
        handler.cells.assumeNumbers();
        blocks = handler.openBlocks?.(plan) ?? rowBlocks(plan);
      } else if (word !== "@relation") {
        throw new SyntaxError(
          `${at(number)}: found ${quoted(line.trim())} before "@data", need "@relation", ` +
            `"@attribute", "@data" or a comment`,
        );
      }
    }
    await onProgress?.({ ...progress, rows: blocks?.rows ?? 0 });
  }
  if (blocks === null) {
    throw new SyntaxError(
      `Cannot read ${quotedPath(path)}: found no "@data", need it before the rows`,
    );
  }
  return blocks.join();
}

function isSkipped(line: string): boolean {
  return /^\s*(%|$)/.test(line);
}

/** Refuses features that are declared as text, if the handler takes no text. */
function refuseUnread(
  attributes: readonly ArffAttribute[],
  plan: ColumnPlan,
  { cells }: RowsHandler,
  at: (line: number) => string,
): void {
  attributes.forEach(({ name, kind, values, line }, place) => {
    const role = plan.roles[place];
    if (role === IGNORED || role === TARGET || kind === "numeric") return;
    const text = [...values ?? []].find((value) => !isDecimal(value));
    if (kind === "nominal" && text === undefined) return;
    if (role >= 0 && cells.declareText(role)) return;
    throw new SyntaxError(
      `${at(line)}: found the attribute ${quoted(name)} of type ${kind}` +
        `${text === undefined ? "" : ` with the value ${quoted(text)}`}, need numbers in a feature`,
    );
  });
}

function readRow(
  line: string,
  attributes: readonly ArffAttribute[],
  plan: ColumnPlan,
  blocks: RowBlocks,
  handler: RowsHandler,
  where: () => string,
): void {
  if (/^\s*\{/.test(line)) {
    throw new SyntaxError(
      `${where()}: found a sparse row (in braces), need every value of a row; ` +
        `Weka's filter SparseToNonSparse writes them`,
    );
  }
  const values: readonly (ArffValue | string)[] = /['"%\\]/.test(line)
    ? arffValues(line, where())
    : line.split(",");
  if (values.length === attributes.length + 1) {
    const { text } = valueOf(values.at(-1)!);
    if (/^\{.*\}$/.test(text)) {
      throw new SyntaxError(
        `${where()}: found the weight ${quoted(text)} of a row, need rows without weights`,
      );
    }
  }
  if (values.length !== attributes.length) {
    throw new SyntaxError(
      `${where()}: found ${plural(values.length, "value")}, need ${attributes.length}`,
    );
  }
  const { block, offset, rows } = blocks;
  const { kinds } = handler.cells;
  let target = 0;
  for (let place = 0; place < values.length; place++) {
    const role = plan.roles[place];
    if (role === IGNORED) continue;
    const value = values[place];
    if (role >= 0 && kinds[role] === NUMBERS && typeof value === "string" && isDecimal(value)) {
      const number = Math.fround(Number(value));
      if (Number.isFinite(number)) {
        block[offset + role] = number;
        continue;
      }
    }
    const { text } = valueOf(value);
    const cell = () => `${where()}, column ${quoted(attributes[place].name)}`;
    if (role >= 0) block[offset + role] = handler.cells.value(role, text, rows, cell);
    else if (role === NUMBER_TARGET) {
      target = handler.number(text, cell);
    } else target = readLabel(valueOf(value), attributes[place], cell, handler);
  }
  blocks.add(target);
}

/** A value of a row with its quotation: plain text was not quoted. */
function valueOf(value: ArffValue | string): ArffValue {
  return typeof value === "string" ? { text: value.trim(), quoted: false } : value;
}

function readLabel(
  { text, quoted: isQuoted }: ArffValue,
  { values }: ArffAttribute,
  cell: () => string,
  handler: RowsHandler,
): number {
  const isMissing = text.trim() === "" || (text === "?" && !isQuoted);
  if (!isMissing && values !== null && !values.has(text)) {
    const list = quotedList([...values]);
    throw new SyntaxError(
      `${cell()}: found ${quoted(text)}, need one of the attribute's values ${list}`,
    );
  }
  return handler.label(text, cell, isQuoted && text.trim() !== "");
}
