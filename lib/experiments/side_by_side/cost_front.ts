/** A method with its mean accuracy and one of its costs; `null` where it has none. */
export interface CostPoint {
  readonly method: string;
  readonly accuracy: number | null;
  readonly cost: number | null;
}

/**
 * The methods that no other one beats in accuracy at the same cost or less, the cheapest first. Of equals
 * all stay.
 */
export function costFront(points: readonly CostPoint[]): string[] {
  const known = points.filter(({ accuracy, cost }) => accuracy !== null && cost !== null);
  const beats = (one: CostPoint, other: CostPoint) =>
    one.accuracy! >= other.accuracy! && one.cost! <= other.cost! &&
    (one.accuracy! > other.accuracy! || one.cost! < other.cost!);
  return known.filter((point) => !known.some((other) => beats(other, point)))
    .sort((a, b) => a.cost! - b.cost!)
    .map(({ method }) => method);
}

/** Says which methods are on the front of some costs; `null` where no method has a mean accuracy. */
export function frontSentence(costs: string, points: readonly CostPoint[]): string | null {
  const front = costFront(points);
  if (front.length === 0) return null;
  return `No other method has a higher mean accuracy for as many ${costs} or fewer than, from the ` +
    `cheapest on: ${front.join("; ")}.`;
}
