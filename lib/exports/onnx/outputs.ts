/**
 * Writes the steps from the members' sum to the answers as ONNX operators.
 *
 * @module
 */
import type { Conformal } from "../../prediction/mod.ts";
import { LEAST_PROBABILITY } from "../../prediction/mod.ts";
import type { PlannedOutput } from "../plan.ts";
import type { Graph, Port } from "./graph.ts";

/** The label of a row that the library refuses. */
const NO_LABEL = "";

/**
 * Adds probabilities, labels and, with a coverage, sets of classes.
 *
 * @param sum The members' probabilities times their shares: rows × classes, 32-bit floats.
 * @param refused Rows × 1: NaN where a row is refused, 0 elsewhere.
 */
export function addClasses(
  graph: Graph,
  { classes, temperature }: Extract<PlannedOutput, { readonly kind: "classes" }>,
  conformal: Conformal | null,
  sum: string,
  refused: string,
): Port[] {
  const calibrated = temperature === null ? sum : withTemperature(graph, sum, temperature);
  const probabilities = graph.add("Add", [calibrated, refused], {}, "probabilities");
  const best = graph.add("ArgMax", [probabilities], { axis: 1n, keepdims: 1n });
  const isRefused = graph.add("IsNaN", [
    graph.add("ReduceSum", [probabilities, axis(graph)], { keepdims: 1n }),
  ]);
  const none = graph.constant({ data: BigInt64Array.of(BigInt(classes.length)), shape: [1, 1] });
  const labels = graph.constant({
    data: [...classes, NO_LABEL],
    shape: [classes.length + 1],
  }, "labels");
  const which = graph.add("Where", [isRefused, none, best]);
  graph.add("Gather", [labels, graph.add("Squeeze", [which, axis(graph)])], {}, "label");
  const ports: Port[] = [
    port("label", "string", [], "The most probable class; empty for a row that is refused"),
    port("probabilities", "float", [classes.length], "The probability of every class"),
  ];
  if (conformal === null) return ports;
  const exact = graph.add("Cast", [probabilities], { to: 11n });
  const score = graph.add("Sub", [double(graph, 1), exact]);
  const places = graph.constant({
    data: BigInt64Array.from(classes, (_, c) => BigInt(c)),
    shape: [1, classes.length],
  });
  const isBest = graph.add("Equal", [which, places]);
  const isHeld = graph.add("LessOrEqual", [score, double(graph, conformal.quantile)]);
  graph.add("Or", [isBest, isHeld], {}, "set");
  return [...ports, port("set", "bool", [classes.length], setText(conformal))];
}

/** Probabilities to the power of 1 / T, normalised. This is the softmax of their logarithms / T. */
function withTemperature(graph: Graph, sum: string, temperature: number): string {
  const exact = graph.add("Cast", [sum], { to: 11n });
  const raised = graph.add("Max", [exact, double(graph, LEAST_PROBABILITY)]);
  const logarithms = graph.add("Div", [graph.add("Log", [raised]), double(graph, temperature)]);
  return graph.add("Cast", [graph.add("Softmax", [logarithms], { axis: 1n })], { to: 1n });
}

/**
 * Adds predicted numbers and, with a coverage, the ends of their intervals.
 *
 * @param sum The members' outputs times their shares: rows × 1, 32-bit floats.
 * @param refused Rows × 1: NaN where a row is refused, 0 elsewhere.
 */
export function addNumber(
  graph: Graph,
  { mean, deviation }: Extract<PlannedOutput, { readonly kind: "number" }>,
  conformal: Conformal | null,
  sum: string,
  refused: string,
): Port[] {
  const scaled = graph.add("Cast", [graph.add("Add", [sum, refused])], { to: 11n });
  const exact = graph.add("Add", [
    double(graph, mean),
    graph.add("Mul", [double(graph, deviation), scaled]),
  ]);
  const rounded = graph.add("Cast", [graph.add("Squeeze", [exact, axis(graph)])], { to: 1n });
  // Numbers near the largest 32-bit float may overflow in the network. Then there is no answer, as in the
  // library.
  const none = graph.constant({ data: Float32Array.of(NaN), shape: [1] });
  const value = graph.add("Where", [graph.add("IsInf", [rounded]), none, rounded], {}, "value");
  const ports = [port("value", "float", [], "The predicted number")];
  if (conformal === null) return ports;
  const wide = graph.add("Cast", [value], { to: 11n });
  const half = graph.constant({ data: Float64Array.of(conformal.quantile), shape: [1] });
  for (const [name, operator] of [["lower", "Sub"], ["upper", "Add"]]) {
    graph.add("Cast", [graph.add(operator, [wide, half])], { to: 1n }, name);
    ports.push(port(name, "float", [], `The ${name} end of the interval. ${setText(conformal)}`));
  }
  return ports;
}

function setText({ coverage }: Conformal): string {
  return `What holds the true answer of a share of ${coverage} of new rows`;
}

function port(
  name: string,
  type: Port["type"],
  shape: readonly number[],
  description: string,
): Port {
  return { name, type, shape: ["rows", ...shape], description };
}

function double(graph: Graph, value: number): string {
  return graph.constant({ data: Float64Array.of(value), shape: [1, 1] });
}

function axis(graph: Graph): string {
  return graph.constant({ data: BigInt64Array.of(1n), shape: [1] });
}
