/**
 * The effect of the method on settings: the settings that it reads, and the values that they may have.
 *
 * @module
 */
import { type Method, METHOD_SETTINGS, trainsApart } from "../methods/mod.ts";
import type { Settings } from "./setting_table.ts";

const isSparse = ({ layers }: Method) => layers === "sparse";
const hasSeveral = ({ members }: Method) => members !== "single";
const isSequential = ({ members }: Method) => members === "sequential";
const descends = ({ lineage }: Method) => lineage !== undefined;
/** Independent members that learn from the table only. So a distilled member can replace them. */
const canBeDistilled = (method: Method) =>
  hasSeveral(method) && method.lesson === undefined && method.votes === undefined &&
  !descends(method);
const changes = ({ strategy }: Method) => strategy !== undefined;
/** Independent networks that learn from the table only. So several workers can train one network together. */
const canShareRows = (method: Method) =>
  !isSequential(method) && method.lesson === undefined && method.votes === undefined &&
  method.sample === undefined && !descends(method);

/**
 * For each setting that only some methods read, a test for these methods. The methods' own settings are not
 * in this list.
 */
const READ_WITH: { readonly [Name in keyof Settings]?: (method: Method) => boolean } = {
  epsilon: isSparse,
  density: isSparse,
  allocation: isSparse,
  initialTopology: isSparse,
  smallWorldRewiring: isSparse,
  blockSize: isSparse,
  members: hasSeveral,
  memberWeighting: hasSeveral,
  distil: canBeDistilled,
  workers: canShareRows,
  exchange: canShareRows,
  apart: canShareRows,
  explore: (method) => isSequential(method) || descends(method),
  refinement: isSequential,
  reinitializeRate: isSequential,
  trials: (method) => !isSequential(method),
  candidates: (method) => !isSequential(method),
  pruneRate: changes,
  interval: changes,
  countTried: changes,
  measureNnstd: (method) => isSparse(method) && hasSeveral(method),
  evolveUntil: (method) => changes(method) && !isSequential(method),
};

/** Returns `true` if a method reads a setting. Names that are no settings count as read. */
export function readsSetting(method: Method, name: string): boolean {
  if (Object.hasOwn(METHOD_SETTINGS, name)) return Object.hasOwn(method.settings, name);
  if (method.ignores?.some((ignored) => ignored === name)) return false;
  return READ_WITH[name as keyof Settings]?.(method) ?? true;
}

/** Settings that can have one value only, by the kind of the method's members. */
const ONLY: Readonly<Record<Method["members"], Method["only"]>> = {
  single: { members: [1] },
  independent: {},
  sequential: { trials: [0], evolveUntil: [1] },
};

/** The settings that a method restricts, each with its allowed values, the default first. */
export function onlyValues(method: Method): NonNullable<Method["only"]> {
  const { members, settings, only, lineage } = method;
  const growth = Object.hasOwn(settings, "growth") ? null : { growth: ["random"] };
  // Members that learn from earlier members cannot be trial members, and cannot weight rows a second time.
  const needing = members === "independent" && !trainsApart(method)
    ? { trials: [0], memberWeighting: [0] }
    : null;
  // The epochs of the ancestor do not adapt to the rows.
  const family = lineage === undefined ? null : { adaptToRows: [false] };
  return { ...ONLY[members], ...growth, ...needing, ...family, ...only };
}
