import type { Model } from "../model/mod.ts";
import { requireInteger } from "../messages.ts";

/**
 * Chooses the best members of a model. Returns their places, ascending. The best members have the highest
 * accuracy, or the lowest loss, on their held-out rows. Of equal members the earlier one is better. Members
 * without held-out rows count as equal. Boosted members, which have votes, correct the members before them,
 * so the first ones are chosen.
 *
 * @param count The number of members to choose.
 * @throws {RangeError} If `count` is not an integer from 1 to the model's members.
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
