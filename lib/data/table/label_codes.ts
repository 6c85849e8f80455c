import { isDecimal, isMissing, requireCellLength, shownMissing } from "./cell_number.ts";
import { sortClasses } from "./classes.ts";
import type { Notation } from "./notation.ts";
import { targetNumbers } from "./target_numbers.ts";
import { quoted, quotedList, quotedPath } from "../../messages.ts";

/** If there are more classes than this and all are numbers, a regression may be meant. */
const MOST_NUMBERED_CLASSES = 20;

/** The target that is wanted from a table. */
export interface TargetRequest {
  /** The name of the target column. */
  readonly target: string;
  /** The task: a regression has a target of numbers. Default: classification. */
  readonly task?: "classification" | "regression" | undefined;
  /** The classes that a row may have. Default: the classes in the file. */
  readonly classes?: readonly string[] | undefined;
  /**
   * The treatment of rows of other classes: `"error"` refuses them, `"skip"` leaves them out and counts
   * them. Default: `"error"`.
   */
  readonly unknownClass?: "error" | "skip" | undefined;
  /**
   * The treatment of rows without a target: `"error"` refuses them, `"skip"` leaves them out and counts
   * them. Default: `"error"`.
   */
  readonly missingTarget?: "error" | "skip" | undefined;
}

/** A class of a table. */
interface Label {
  /** The place in the order of first appearance. */
  readonly code: number;
  /** The name of the class. */
  name: string;
}

/**
 * Gives codes to the labels of a table. Labels are one class if they differ only by blanks around them, by
 * `.0` after an integer, or in the case of `true` and `false`.
 *
 * @param path The table's path, for messages.
 * @param notation The notation of the numbers to predict, if it is known.
 * @throws {TypeError} If the given classes are empty or repeat.
 *
 * The functions of the result throw a `SyntaxError` for a target that is missing or cannot be read. They
 * throw a `RangeError` for a class that is not among the given ones, and for a table of one class.
 */
export function labelCodes(path: string, request: TargetRequest, notation?: Notation) {
  const { target, task, classes, unknownClass = "error", missingTarget = "error" } = request;
  const given = task === "regression" ? undefined : classes;
  const codes = new Map(given?.map((label, code) => [label, code]));
  const labels = new Map<string, Label>();
  given?.forEach((name, code) => labels.set(plainLabel(name), { code, name }));
  const unknown = new Map<string, number>();
  const merged = new Set<string>();
  let found: readonly string[] = [];
  let missing = 0;
  if (given !== undefined && (given.length === 0 || codes.size !== given.length)) {
    throw new TypeError(
      `Cannot read ${quotedPath(path)}: found the classes ${quotedList(given) || "(none)"}, ` +
        `need at least one, each once`,
    );
  }

  /** The code of a row without a target. NaN leaves the row out. */
  function codeOfMissing(cell: string, where: () => string): number {
    if (missingTarget === "error") {
      const need = task === "regression" ? "a number" : "a class label";
      throw new SyntaxError(
        `${where()}: found ${cell}, need ${need}; --missing-target skip leaves such rows out`,
      );
    }
    missing++;
    return NaN;
  }

  const numbers = targetNumbers(notation, codeOfMissing);

  return {
    /** The number in a target's cell. NaN leaves the row out. */
    number: numbers.number,
    /** The notation of the numbers to predict, if the table must be read again with it. */
    get foundNotation(): Notation | undefined {
      return numbers.found;
    },
    /** The classes that are not among the given ones, each with its number of rows. */
    unknown,
    missingTarget: codeOfMissing,
    /** `true` if rows were left out. */
    get isIncomplete(): boolean {
      return unknown.size + missing > 0;
    },
    /** The code of a label. NaN leaves the row out. */
    label(text: string, where: () => string, isQuoted = false): number {
      const known = codes.get(text);
      if (known !== undefined) return known;
      requireCellLength(text, where);
      const word = text.trim();
      // The word "none" may be a class.
      if (!isQuoted && isMissing(word) && word.toLowerCase() !== "none") {
        return codeOfMissing(shownMissing(word), where);
      }
      const plain = plainLabel(text);
      const label = labels.get(plain);
      if (label !== undefined) {
        if (given === undefined) {
          merged.add(plain);
          label.name = label.name === word ? word : plain;
        }
        codes.set(text, label.code);
        return label.code;
      }
      if (given === undefined) {
        const code = labels.size;
        labels.set(plain, { code, name: word });
        codes.set(text, code);
        return code;
      }
      if (unknownClass === "skip") {
        unknown.set(word, (unknown.get(word) ?? 0) + 1);
        return NaN;
      }
      throw new RangeError(
        `${where()}: found the class ${quoted(text)}, need one of ${quotedList(given)}`,
      );
    },
    /**
     * Returns the classes, sorted unless they are given. Replaces the rows' codes by places among the
     * classes.
     */
    sort(rows: Int32Array): string[] {
      if (given !== undefined) return [...given];
      const names = Array.from(labels.values(), ({ name }) => name);
      if (names.length === 1) {
        throw new RangeError(
          `Cannot learn from ${quotedPath(path)}, column ${quoted(target)}: ` +
            `found the one class ${quotedList(names)}, need at least two`,
        );
      }
      const sorted = found = sortClasses(names);
      const places = new Map(sorted.map((label, place) => [label, place]));
      const placeOf = Int32Array.from(names, (label) => places.get(label)!);
      for (let row = 0; row < rows.length; row++) rows[row] = placeOf[rows[row]];
      return sorted;
    },
    /** Sentences about labels that were not taken as they are written. */
    remarks(): string[] {
      const remarks: string[] = [];
      if (missing > 0) {
        remarks.push(`Rows that are left out, without ${quoted(target)}: ${missing}`);
      }
      if (merged.size > 0) {
        remarks.push(
          `Labels that are written in several ways are one class: ${quotedList([...merged])}`,
        );
      }
      if (found.length > MOST_NUMBERED_CLASSES && found.every(isDecimal)) {
        remarks.push(
          `Column ${
            quoted(target)
          } has ${found.length} different numbers, and each is taken for a ` +
            `class of its own; --task regression predicts them as numbers`,
        );
      }
      return remarks;
    },
  };
}

function plainLabel(text: string): string {
  const word = text.trim();
  if (/^(true|false)$/i.test(word)) return word.toLowerCase();
  return word.replace(/^([+-]?(?:0|[1-9]\d*))\.0*$/, "$1");
}
