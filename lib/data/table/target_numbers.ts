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

/** Makes numbers of the cells of a target column. */
export interface TargetNumbers {
  /**
   * The number of a cell.
   *
   * @param where The beginning of a message about the cell.
   * @throws {SyntaxError} If it is none.
   * @throws {RangeError} If it is not finite as a 32-bit float.
   */
  number(text: string, where: () => string): number;
  /** The notation that all cells have that are no plain numbers. The table is to be read again with it. */
  readonly found: Notation | undefined;
}

/**
 * Makes ready to take the numbers to predict, plainly written or as amounts, percentages, with separated
 * thousands or decimal commas.
 *
 * @param notation The way in which they are written, where that is known.
 * @param missing Takes a row without a target.
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
          `${where()}: found ${quoted(text)}, need one of the column's ${notationText(notation)}`,
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

/** The notations of quantities. Nobody predicts dates by accident. */
const NUMBERS: readonly Notation["kind"][] = ["point", "comma"];
