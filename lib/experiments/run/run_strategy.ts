import { quoted, quotedPath } from "../../messages.ts";
import type { StrategyOrigin } from "../../model/mod.ts";
import type { TopologyStrategy } from "../../topology/mod.ts";
import { loadStrategy, type StrategyFile } from "./strategy_file.ts";

/** The custom strategy that a run follows, and its recorded origin. */
export interface OwnStrategy {
  readonly strategy: TopologyStrategy;
  readonly origin: StrategyOrigin & { readonly name: string };
}

/** A strategy, or its file. */
export type GivenStrategy = TopologyStrategy | StrategyFile;

/**
 * The strategy with which a run begins, or `null` for its method's.
 *
 * @param stored The strategy in the configuration.
 * @param given The strategy that the caller names, which takes precedence.
 * @param signal Ends the wait for its file.
 * @throws What {@linkcode loadStrategy} throws.
 */
export async function strategyToBegin(
  stored: StrategyOrigin | null,
  given?: GivenStrategy,
  signal?: AbortSignal,
): Promise<OwnStrategy | null> {
  const chosen = given ?? stored;
  if (chosen === null) return null;
  if ("sha256" in chosen) {
    const { name: _, earlier: __, ...file } = chosen as StrategyFile;
    const strategy = await loadStrategy(file, signal);
    return { strategy, origin: { name: strategy.name, ...file } };
  }
  if (given === undefined) throw scriptNeeded("Cannot begin the run", stored!);
  return { strategy: chosen as TopologyStrategy, origin: { name: chosen.name! } };
}

/**
 * The strategy with which a run continues, or `null` for its method's. If its bytes differ from those of
 * the run's strategy so far, its origin says so.
 *
 * @throws {Error} If the strategy has another name.
 * @throws What {@linkcode loadStrategy} throws.
 */
export async function strategyToResume(
  folder: string,
  stored: StrategyOrigin | null,
  given?: GivenStrategy,
  signal?: AbortSignal,
): Promise<OwnStrategy | null> {
  const intent = `Cannot resume the run in ${quotedPath(folder)}`;
  if (given === undefined && stored !== null && stored.sha256 === undefined) {
    throw scriptNeeded(intent, stored);
  }
  const own = await strategyToBegin(stored, given, signal);
  if (own === null) return null;
  const { name, sha256 } = own.origin;
  if (stored === null || name !== (stored.name ?? name)) {
    const need = stored === null ? "the method's own" : quoted(stored.name!);
    throw new Error(`${intent}: found the strategy ${quoted(name)}, need ${need}`);
  }
  const { earlier = [] } = stored;
  const before = stored.sha256 === sha256 ? earlier : [...earlier, stored.sha256 ?? stored.name!];
  return before.length === 0 ? own : { ...own, origin: { ...own.origin, earlier: before } };
}

function scriptNeeded(intent: string, { name }: StrategyOrigin): Error {
  return new Error(
    `${intent}: it follows the strategy ${quoted(name!)} of a script, need the script or a file ` +
      `with a strategy of that name`,
  );
}
