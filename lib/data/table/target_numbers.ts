import {
  finiteFloat,
  isDecimal,
  isInfinite,
  isMissing,
  shownMissing,
  textFloat,
} from "./cell_number.ts";
import {
  fits,
  isDash,
  notatedNumber,
  type Notation,
  notationsOf,
  notationText,
} from "./notation.ts";
import { quoted } from "../../messages.ts";

/** Converts the cells of a target column to numbers. */
export interface TargetNumbers {
  /**
   * The number in a cell.
   *
   * @param where The beginning of a message about the cell.
   * @throws {SyntaxError} If the cell is not a number.
   * @throws {RangeError} If the number is not finite as a 32-bit float.
   */
  number(text: string, where: () => string): number;
  /** The common notation of all cells that are not plain numbers. The table must be read again with it. */
  readonly found: Notation | undefined;
}

/**
 * Prepares the conversion of numbers to predict. They may be plain numbers, amounts or percentages, with
 * separated thousands or decimal commas. {@linkcode TargetNumbers} names the errors of the result.
 *
 * @param notation The notation of the numbers, if it is known.
 * @param missing Called for a row without a target.
 */
export function targetNumbers(
  notation: Notation | undefined,
  missing: (found: string, where: () => string) => number,
): TargetNumbers {
  let candidates: readonly Notation[] | undefined;
  return {
    number(text, where) {
      const word = text.trim();
      if (isMissing(word)) return missing(shownMissing(word), where);
      if (isDash(word)) return missing(quoted(word), where);
      if (notation !== undefined) {
        const value = notatedNumber(notation, word);
        if (!Number.isNaN(value)) return finiteFloat(value, where);
        throw new SyntaxError(
          `${where()}: found ${quoted(text)}, need one like the column's others: ${
            notationText(notation)
          }`,
        );
      }
      if (isDecimal(text) || isInfinite(word)) return textFloat(text, where);
      const fitting = (candidates ?? notationsOf(word).filter(({ kind }) => NUMBERS.includes(kind)))
        .filter((candidate) => fits(candidate, word));
      if (fitting.length === 0) {
        throw new SyntaxError(
          `${where()}: found ${
            quoted(text)
          }, need a number; without --task regression, texts are classes`,
        );
      }
      candidates = fitting;
      return 0;
    },
    get found() {
      return candidates?.[0];
    },
  };
}

/** The notations of quantities. A target of dates is more likely a mistake. */
const NUMBERS: readonly Notation["kind"][] = ["point", "comma"];
