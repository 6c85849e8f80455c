import type { Model } from "../model/mod.ts";
import { requireInteger } from "../messages.ts";

/**
 * The places of the best members of a model, ascending. The best are those with the highest accuracy, or
 * the lowest loss, on their held-out rows; of equal ones the earlier. Members without held-out rows count
 * as equal. Boosted members, which have votes, correct those before them: of these it is the first.
 *
 * @param count Their number.
 * @throws {RangeError} If it is no integer from 1 to the model's members.
 */
export function bestMembers({ members }: Pick<Model, "members">, count: number): number[] {
  requireInteger("export members", count, "members", 1, members.length);
  const places = members.map((_, place) => place);
  if (members.some(({ vote }) => vote !== undefined)) return places.slice(0, count);
  const merit = members.map(({ validationAccuracy, validationLoss }) =>
    validationAccuracy ?? (validationLoss === undefined ? 0 : -validationLoss)
  );
  return places.sort((a, b) => merit[b] - merit[a] || a - b).slice(0, count).sort((a, b) => a - b);
}
