import { plural } from "../messages.ts";

/**
 * Checks that every value is a finite number.
 *
 * @param intent The purpose of the values, as in "Cannot `intent`: …".
 * @param least The number of values that are needed.
 * @throws {RangeError} If there are fewer values, or one is not finite.
 */
export function requireFinite(values: ArrayLike<number>, intent: string, least: number): void {
  if (values.length < least) {
    throw new RangeError(
      `Cannot ${intent}: found ${plural(values.length, "value")}, need at least ${least}`,
    );
  }
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new RangeError(`Cannot ${intent}: value ${i} is ${values[i]}, need finite numbers`);
    }
  }
}

/**
 * Checks that a number lies strictly between 0 and 1.
 *
 * @throws {RangeError} If it does not.
 */
export function requireConfidence(confidence: number, intent: string): void {
  if (!(confidence > 0 && confidence < 1)) {
    throw new RangeError(
      `Cannot ${intent}: found confidence ${confidence}, need more than 0 and less than 1`,
    );
  }
}
