/**
 * Calls of a strategy. If a strategy throws, or its answer is not valid, the error names the strategy.
 *
 * @module
 */
import { escaped, quoted, shown } from "../messages.ts";
import { validatePattern } from "../sparse/mod.ts";
import type { TopologyStrategy } from "./strategy.ts";

/** An error of a strategy, or of its answer. */
export class StrategyError extends Error {
  /** The error's name. */
  override name = "StrategyError";
}

/**
 * Calls a strategy.
 *
 * @throws {StrategyError} If `call` throws.
 */
export function callStrategy<T>({ name }: TopologyStrategy, call: () => T): T {
  try {
    return call();
  } catch (cause) {
    const what = `Cannot change the topology: the strategy ${quoted(name)} failed: `;
    throw new StrategyError(what + reasonOf(cause), { cause });
  }
}

/** The maximal length of a reason in an error, in characters. */
const LETTERS = 500;

/** Describes in one line the value that a strategy threw. */
export function reasonOf(cause: unknown): string {
  try {
    const reason = cause instanceof Error ? String(cause.message) || cause.name : String(cause);
    return escaped(reason.length > LETTERS ? `${reason.slice(0, LETTERS)}...` : reason);
  } catch {
    return "it threw a value that cannot be shown";
  }
}

/**
 * Returns what a strategy answered.
 *
 * @throws {TypeError} If it is a promise. Training does not wait for promises.
 */
export function answerOf<T>(answer: T): T {
  if (!(answer instanceof Promise)) return answer;
  answer.catch(() => {});
  throw new TypeError("Cannot use its answer: found a promise, need an answer at once");
}

/**
 * Makes a function of a strategy's `initialize` that checks what it draws; `undefined` if the strategy
 * has none. The function throws a {@linkcode StrategyError}.
 */
export function initialConnections(
  strategy: TopologyStrategy,
): TopologyStrategy["initialize"] {
  if (strategy.initialize === undefined) return undefined;
  return (shape, density, random, layer) =>
    callStrategy(strategy, () => {
      const pattern = answerOf(strategy.initialize!(shape, density, random, layer));
      if (typeof pattern !== "object" || pattern === null || !Array.isArray(pattern.shape)) {
        throw new TypeError(
          `Cannot begin with its connections: found ${shown(pattern)}, ` +
            "need an object of shape, indptr and indices",
        );
      }
      validatePattern(pattern);
      if (`${pattern.shape}` === `${shape}`) return pattern;
      throw new RangeError(
        `Cannot begin with its connections: found the shape [${pattern.shape}], need [${shape}]`,
      );
    });
}
