import type { Facts, NumberFacts, ReadArray } from "./facts.ts";

/**
 * Makes a function that turns the numbers of rows into the members' inputs. The rules are those of
 * `preprocess` of the library.
 *
 * It goes into exported modules as it stands: it must not use anything from outside but its arguments.
 *
 * @param normalQuantile The inverse of the normal distribution function.
 */
export function inputMaker(
  { columns, inputs, numbers, missing, categories }: Facts,
  read: ReadArray,
  normalQuantile: (p: number) => number,
): (features: Float32Array, rows: number) => Float32Array {
  const countBelow = (values: ArrayLike<number>, x: number, orEqual: boolean): number => {
    let [from, to] = [0, values.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (values[middle] < x || orEqual && values[middle] === x) from = middle + 1;
      else to = middle;
    }
    return from;
  };

  const byRank = (quantiles: ArrayLike<number>, beyond: number) => {
    const last = quantiles.length - 1;
    const [lowest, highest] = [normalQuantile(beyond), normalQuantile(1 - beyond)];
    return (x: number): number => {
      if (x <= quantiles[0]) return lowest;
      if (x >= quantiles[last]) return highest;
      const first = countBelow(quantiles, x, false);
      const rank = quantiles[first] === x
        ? (first + countBelow(quantiles, x, true) - 1) / 2
        : first - (quantiles[first] - x) / (quantiles[first] - quantiles[first - 1]);
      return Math.min(highest, Math.max(lowest, normalQuantile(rank / last)));
    };
  };

  const scaleOf = ({ scaling }: NumberFacts): (x: number) => number => {
    if (scaling.kind === "quantile") return byRank(read(scaling.quantiles), scaling.beyond);
    if (scaling.kind === "linear") return (x) => (x - scaling.centre) / scaling.width;
    return scaling.kind === "zero" ? () => 0 : (x) => x;
  };
  const scales = numbers.map(scaleOf);

  return (features, rows) => {
    const made = new Float32Array(rows * inputs);
    for (let row = 0; row < rows; row++) {
      const [raw, place] = [row * columns.length, row * inputs];
      numbers.forEach(({ column, input, median }, k) => {
        const name = JSON.stringify(columns[column]);
        const x = features[raw + column];
        if (Number.isNaN(x) && median === null) {
          throw new RangeError(
            `Cannot predict row ${row}, column ${name}: found a missing value, need a number`,
          );
        }
        const scaled = Math.fround(scales[k](Number.isNaN(x) ? median! : x));
        if (!Number.isFinite(scaled)) {
          throw new RangeError(
            `Cannot predict row ${row}, column ${name}: found ${x}, which is ${scaled} when scaled, ` +
              "need a number nearer to those of the training rows",
          );
        }
        made[place + input] = scaled;
      });
      for (const { column, input } of missing) {
        if (Number.isNaN(features[raw + column])) made[place + input] = 1;
      }
      for (const { column, inputs, other } of categories) {
        const code = features[raw + column];
        const input = Number.isNaN(code) ? -1 : inputs[code] ?? other;
        if (input >= 0) made[place + input] = 1;
      }
    }
    return made;
  };
}
