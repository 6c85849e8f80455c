import { didYouMean, quoted, shown } from "../messages.ts";
import type { TopologyStrategy } from "./strategy.ts";
import { reasonOf, StrategyError } from "./strategy_call.ts";

/** The maximal length of a name, in characters. */
const LETTERS = 200;

/**
 * Checks the shape of a strategy. What its functions return is checked whenever they are called.
 *
 * @throws {StrategyError} If a part has the wrong type or is out of range.
 */
export function checkStrategy(value: unknown): void {
  const fault = strategyFault(value);
  if (fault === null) return;
  const which = hasName(value) ? `the strategy ${quoted(value.name)}` : "this strategy";
  throw new StrategyError(`Cannot use ${which}: ${fault}`);
}

function hasName(value: unknown): value is { readonly name: string } {
  const name = Object.getOwnPropertyDescriptor(Object(value), "name")?.value;
  return typeof name === "string";
}

/** The fault in the shape of a strategy; `null` without any. */
export function strategyFault(value: unknown): string | null {
  try {
    return faultOf(value);
  } catch (cause) {
    return `it failed as it was looked at: ${reasonOf(cause)}`;
  }
}

/** An entry for every part of a strategy. */
const PARTS: Readonly<Record<keyof TopologyStrategy, true>> = {
  name: true,
  source: true,
  initialize: true,
  update: true,
  when: true,
  reinitialize: true,
  begin: true,
  start: true,
  own: true,
};

/**
 * The fault of a part that nothing would read. A strategy may hold more than its parts, but not what looks
 * like a part: without it the topology would silently be static.
 */
function strangeFault(value: object): string | null {
  for (const key of Object.keys(value)) {
    if (Object.hasOwn(PARTS, key)) continue;
    const found = `found ${quoted(key)}`;
    if (key === "prune" || key === "grow") return `${found}, need it in update: { prune, grow }`;
    if (key === "strategy") return `${found}, need the strategy itself: a method makes one`;
    const meant = didYouMean(key, Object.keys(PARTS));
    if (meant !== "") return `${found}, which is no part of a strategy${meant}`;
  }
  return null;
}

function faultOf(value: unknown): string | null {
  if (typeof value !== "object" || value === null) return `found ${shown(value)}, need an object`;
  const { name, update, reinitialize, initialize, begin, start, own, when } = value as Readonly<
    Partial<Record<keyof TopologyStrategy, unknown>>
  >;
  if (typeof name !== "string" || name === "" || name.length > LETTERS) {
    return `found the name ${shown(name)}, need a text of at most ${LETTERS} letters`;
  }
  const strange = strangeFault(value);
  if (strange !== null) return strange;
  for (const [key, change] of Object.entries({ update, reinitialize })) {
    if (change === undefined || typeof change === "function" || isPruneAndGrow(change)) continue;
    return `found ${shown(change)} as ${key}, need a function, or an object of prune and grow`;
  }
  for (const [key, call] of Object.entries({ initialize, begin, start })) {
    if (call === undefined || typeof call === "function") continue;
    return `found ${shown(call)} as ${key}, need a function`;
  }
  if (own !== undefined && !isListOfNames(own)) {
    return `found ${shown(own)} as own, need a list of names, each once`;
  }
  return when === undefined ? null : timesFault(when);
}

function isPruneAndGrow(change: unknown): boolean {
  const { prune, grow } = Object(change) as { prune?: unknown; grow?: unknown };
  return typeof prune === "function" && typeof grow === "function";
}

function isListOfNames(own: unknown): boolean {
  return Array.isArray(own) && new Set(own).size === own.length &&
    own.every((name) => typeof name === "string");
}

function timesFault(when: unknown): string | null {
  if (typeof when !== "object" || when === null) {
    return `found ${shown(when)} as when, need an object of every and unit`;
  }
  const { every, unit, until = 1, pruneRate } = when as Readonly<Record<string, unknown>>;
  if (!Number.isSafeInteger(every) || (every as number) < 1) {
    return `found every ${shown(every)}, need an integer from 1`;
  }
  if (unit !== "steps" && unit !== "epochs") {
    return `found unit ${shown(unit)}, need "steps" or "epochs"`;
  }
  if (typeof until !== "number" || !(until >= 0 && until <= 1)) {
    return `found until ${shown(until)}, need a number from 0 to 1`;
  }
  return pruneRate === undefined || typeof pruneRate === "function"
    ? null
    : `found pruneRate ${shown(pruneRate)}, need a function of the progress`;
}
