/**
 * Quantile scaling as operators of ONNX: the rank of a number among quantiles by a binary search without
 * branches, and the normal quantile of the rank. The steps are those of `quantileToNormal`.
 *
 * @module
 */
import { NORMAL_QUANTILE_FRACTIONS, type Rational } from "../../statistics/mod.ts";
import type { Constant, Graph } from "./graph.ts";

/**
 * Adds the scaling of numbers by rank.
 *
 * @param x Rows × columns, 64-bit floats.
 * @param tables The ascending quantiles of every column; `null` for a column that becomes 0.
 * @param beyond The share of rows that is taken to lie beyond either extreme, where the map ends.
 * @returns Rows × columns, 64-bit floats.
 */
export function normalScores(
  graph: Graph,
  x: string,
  tables: readonly (Float64Array | null)[],
  beyond: number,
): string {
  const columns = tables.length;
  const count = tables.find((table) => table !== null)!.length;
  const row = (valueOf: (table: Float64Array | null) => number) =>
    graph.constant({ data: Float64Array.from(tables, valueOf), shape: [1, columns] });
  const search = quantileSearch(graph, x, tables, count);
  const below = search.count("Less");
  const [next, last] = [search.quantile(below, 1), search.quantile(below, 0)];
  const add = (operator: string, ...inputs: string[]) => graph.add(operator, inputs);
  const part = add("Div", add("Sub", next, x), add("Sub", next, last));
  const between = add("Sub", search.number(below), part);
  // If a value fills several quantiles, its rank is the middle of them.
  const hasRuns = tables.some((table) =>
    table?.some((quantile, k) => k > 0 && quantile === table[k - 1]) ?? false
  );
  const rank = hasRuns
    ? add("Where", add("Equal", next, x), middle(graph, below, search), between)
    : between;
  const share = add("Div", rank, scalar(graph, count - 1));
  const ends = [scalar(graph, beyond), scalar(graph, 1 - beyond)];
  const within = add("Min", add("Max", share, ends[0]), ends[1]);
  const lowest = row((table) => table?.[0] ?? 0);
  const highest = row((table) => table?.[count - 1] ?? 0);
  const notAbove = add("Where", add("GreaterOrEqual", x, highest), ends[1], within);
  const p = add("Where", add("LessOrEqual", x, lowest), ends[0], notAbove);
  const scores = normalQuantiles(graph, p);
  if (!tables.includes(null)) return scores;
  const says = row((table) => table === null ? 0 : 1);
  return add("Where", add("Equal", says, scalar(graph, 0)), scalar(graph, 0), scores);
}

function middle(graph: Graph, below: string, search: QuantileSearch): string {
  const notAbove = search.number(search.count("LessOrEqual"));
  const twice = graph.add("Sub", [
    graph.add("Add", [search.number(below), notAbove]),
    scalar(graph, 1),
  ]);
  return graph.add("Div", [twice, scalar(graph, 2)]);
}

/** A search among the quantiles of every column. */
interface QuantileSearch {
  /** Counts the quantiles that are below x, or at most x. The count is a place in the table. */
  count(comparison: "Less" | "LessOrEqual"): string;
  /** The quantile after `count` quantiles (1), or the last of these (0). */
  quantile(count: string, next: 0 | 1): string;
  /** A count as a 64-bit float. */
  number(count: string): string;
}

function quantileSearch(
  graph: Graph,
  x: string,
  tables: readonly (Float64Array | null)[],
  count: number,
): QuantileSearch {
  // A column's part of the table: −∞, its quantiles, and ∞ up to a power of two plus one.
  const size = 2 ** Math.ceil(Math.log2(count + 1));
  const pitch = size + 1;
  const data = new Float64Array(tables.length * pitch).fill(Infinity);
  tables.forEach((table, column) => {
    data[column * pitch] = -Infinity;
    data.set(table ?? [], column * pitch + 1);
  });
  const table = graph.constant({ data, shape: [data.length] }, "quantiles");
  const begins = graph.constant({
    data: BigInt64Array.from(tables, (_, column) => BigInt(column * pitch)),
    shape: [1, tables.length],
  });
  const step = (length: number) =>
    graph.constant({ data: BigInt64Array.of(BigInt(length)), shape: [1, 1] });
  return {
    count(comparison) {
      let place = begins;
      for (let length = size / 2; length >= 1; length /= 2) {
        const further = graph.add("Add", [place, step(length)]);
        const quantile = graph.add("Gather", [table, further]);
        const isBelow = graph.add(comparison, [quantile, x]);
        place = graph.add("Where", [isBelow, further, place]);
      }
      return place;
    },
    quantile(place, next) {
      return graph.add("Gather", [table, next === 0 ? place : graph.add("Add", [place, step(1)])]);
    },
    number: (place) => graph.add("Cast", [graph.add("Sub", [place, begins])], { to: 11n }),
  };
}

/**
 * The normal quantiles of probabilities. These are not nearer to 0 or 1 than the ends of a quantile
 * scaling.
 */
function normalQuantiles(graph: Graph, p: string): string {
  const add = (operator: string, ...inputs: string[]) => graph.add(operator, inputs);
  const q = add("Sub", p, scalar(graph, 0.5));
  const { centre, shoulder } = NORMAL_QUANTILE_FRACTIONS;
  const inner = fraction(
    graph,
    centre,
    add("Sub", scalar(graph, 0.180625), add("Mul", q, q)),
    q,
  );
  const isLow = add("Less", q, scalar(graph, 0));
  const tail = add("Where", isLow, p, add("Sub", scalar(graph, 1), p));
  const r = add("Sqrt", add("Neg", add("Log", tail)));
  const outer = fraction(graph, shoulder, add("Sub", r, scalar(graph, 1.6)));
  const signed = add("Where", isLow, add("Neg", outer), outer);
  const isInner = add("LessOrEqual", add("Abs", q), scalar(graph, 0.425));
  return add("Where", isInner, inner, signed);
}

/** A quotient of polynomials by Horner's rule, times a factor. */
function fraction(graph: Graph, terms: Rational, x: string, factor?: string): string {
  const horner = (which: 0 | 1) =>
    terms.slice(0, -1).reduceRight(
      (sum, term) => graph.add("Add", [graph.add("Mul", [sum, x]), scalar(graph, term[which])]),
      scalar(graph, terms[terms.length - 1][which]),
    );
  const above = horner(0);
  return graph.add("Div", [
    factor === undefined ? above : graph.add("Mul", [factor, above]),
    horner(1),
  ]);
}

function scalar(graph: Graph, value: number): string {
  const constant: Constant = { data: Float64Array.of(value), shape: [1, 1] };
  return graph.constant(constant);
}
