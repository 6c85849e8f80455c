/**
 * Calls of a strategy. Whatever a strategy throws, and every answer that is not valid, becomes an error
 * that names it.
 *
 * @module
 */
import type { Random } from "../random.ts";
import { type Pattern, validatePattern } from "../sparse/mod.ts";
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
    const reason = cause instanceof Error ? cause.message : `${cause}`;
    const what = `Cannot change the topology: the strategy "${name}" failed: ${reason}`;
    throw new StrategyError(what, { cause });
  }
}

/**
 * Makes a function of a strategy's `initialize` that checks what it draws; `undefined` if the strategy
 * has none. The function throws a {@linkcode StrategyError}.
 */
export function initialConnections(
  strategy: TopologyStrategy,
): ((shape: Pattern["shape"], density: number, random: Random) => Pattern) | undefined {
  if (strategy.initialize === undefined) return undefined;
  return (shape, density, random) =>
    callStrategy(strategy, () => {
      const pattern = strategy.initialize!(shape, density, random);
      validatePattern(pattern);
      if (`${pattern.shape}` === `${shape}`) return pattern;
      throw new RangeError(
        `Cannot begin with its connections: found the shape [${pattern.shape}], need [${shape}]`,
      );
    });
}
