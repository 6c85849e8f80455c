/** A method with its mean accuracy and one of its costs; `null` if it has none. */
export interface CostPoint {
  readonly method: string;
  readonly accuracy: number | null;
  readonly cost: number | null;
}

/**
 * The methods that no other method beats in accuracy at the same or lower cost, the cheapest first. Equal
 * methods all stay.
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

/** Names the methods on the front of some costs; `null` if no method has a mean accuracy. */
export function frontSentence(costs: string, points: readonly CostPoint[]): string | null {
  const front = costFront(points);
  if (front.length === 0) return null;
  return `No other method has a higher mean accuracy for as many ${costs} or fewer than, from the ` +
    `cheapest on: ${front.join("; ")}.`;
}
