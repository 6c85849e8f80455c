import { type ArffAttribute, arffAttribute } from "./arff_header.ts";
import { type ArffValue, arffValues } from "./arff_tokens.ts";
import {
  type ColumnPlan,
  headerOnly,
  type ReadProgress,
  type RowBlocks,
  rowBlocks,
  type RowsHandler,
  type TableRows,
  tableRows,
  TARGET,
  textCellError,
  textLines,
} from "../table/mod.ts";
import { quoted, quotedList, quotedPath } from "../../messages.ts";

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Reads an ARFF file (`.arff`, `.arff.gz`), the format of Weka and OpenML, line by line. Features are
 * numeric attributes, or nominal ones whose values are numbers; labels may be of any type. A missing
 * value (`?`) is refused, and so are sparse rows.
 *
 * @throws {SyntaxError} If the content cannot be parsed.
 * @throws {RangeError} If a number is out of range.
 * @throws {Error} If the file cannot be read; the system's error is its `cause`.
 */
export async function readArffTable(
  path: string,
  handler: RowsHandler,
  onProgress?: (progress: ReadProgress) => void,
): Promise<TableRows> {
  const at = (line: number) => `Cannot read ${quotedPath(path)}, line ${line}`;
  const attributes: ArffAttribute[] = [];
  let plan: ColumnPlan | null = null;
  let blocks: RowBlocks | null = null;

  for await (const { lines, first, progress } of textLines(path)) {
    for (let k = 0; k < lines.length; k++) {
      const line = lines[k];
      const number = first + k;
      if (blocks !== null) {
        if (!isSkipped(line)) readRow(line, attributes, plan!, blocks, handler, at(number));
        continue;
      }
      if (isSkipped(line)) continue;
      const word = /^\s*@?\w*/.exec(line)![0].trim().toLowerCase();
      if (word === "@attribute") attributes.push(arffAttribute(line, number, at(number)));
      else if (word === "@data") {
        const names = attributes.map(({ name }) => name);
        plan = handler.plan(names, at(number));
        if (plan === null) return headerOnly(names);
        refuseUnread(attributes, plan, handler, at);
        blocks = rowBlocks(plan.featureNames.length);
      } else if (word !== "@relation") {
        throw new SyntaxError(
          `${at(number)}: found ${quoted(line.trim())} before "@data", need "@relation", ` +
            `"@attribute", "@data" or a comment`,
        );
      }
    }
    onProgress?.({ ...progress, rows: blocks?.rows ?? 0 });
  }
  if (plan === null || blocks === null) {
    throw new SyntaxError(
      `Cannot read ${quotedPath(path)}: found no "@data", need it before the rows`,
    );
  }
  return tableRows(plan, blocks.take());
}

function isSkipped(line: string): boolean {
  return /^\s*(%|$)/.test(line);
}

/** Features whose declaration says that no row can have a number there. */
function refuseUnread(
  attributes: readonly ArffAttribute[],
  plan: ColumnPlan,
  handler: RowsHandler,
  at: (line: number) => string,
): void {
  attributes.forEach(({ name, kind, values, line }, place) => {
    const role = plan.roles[place];
    if (role < 0 || kind === "numeric" || plan.categorical?.has(role)) return;
    const text = [...values ?? []].find((value) => !DECIMAL.test(value));
    if (kind === "nominal" && text === undefined) return;
    const where = () => `${at(line)}, column ${quoted(name)}`;
    if (typeof handler.cell?.(role, text ?? kind, where) === "number") return;
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
  where: string,
): void {
  if (/^\s*\{/.test(line)) {
    throw new SyntaxError(
      `${where}: found a sparse row (in braces), need every value of a row; ` +
        `Weka's filter SparseToNonSparse writes them`,
    );
  }
  const values: readonly (string | ArffValue)[] = /['"%\\]/.test(line)
    ? arffValues(line, where)
    : line.split(",");
  if (values.length !== attributes.length) {
    throw new SyntaxError(
      `${where}: found ${values.length} value${values.length === 1 ? "" : "s"}, ` +
        `need ${attributes.length}`,
    );
  }
  const { block, offset } = blocks;
  let label = 0;
  for (let place = 0; place < values.length; place++) {
    const role = plan.roles[place];
    if (role < TARGET) continue;
    const value = values[place];
    const text = typeof value === "string" ? value.trim() : value.text;
    const cell = () => `${where}, column ${quoted(attributes[place].name)}`;
    if (role === TARGET) {
      label = readLabel(
        text,
        typeof value !== "string" && value.quoted,
        attributes[place],
        cell,
        handler,
      );
      continue;
    }
    const isNumber = !plan.categorical?.has(role) && DECIMAL.test(text);
    const found = isNumber ? Math.fround(Number(text)) : handler.cell?.(role, text, cell) ?? null;
    if (found === null || isNumber && !Number.isFinite(found)) {
      throw textCellError(text, isNumber, cell());
    }
    block[offset + role] = found;
  }
  blocks.add(label);
}

function readLabel(
  text: string,
  isQuoted: boolean,
  { values }: ArffAttribute,
  cell: () => string,
  handler: RowsHandler,
): number {
  if (text === "?" && !isQuoted) {
    throw new SyntaxError(`${cell()}: found "?", a missing value, need a class label`);
  }
  if (text.trim() === "") {
    throw new SyntaxError(`${cell()}: found an empty cell, need a class label`);
  }
  if (values !== null && !values.has(text)) {
    throw new SyntaxError(
      `${cell()}: found ${quoted(text)}, need one of the attribute's values ${
        quotedList([...values])
      }`,
    );
  }
  return handler.label(text, cell);
}
