/**
 * Facts of settings that follow from the method.
 *
 * @module
 */
import { type Method, METHOD_SETTINGS, trainsApart } from "../methods/mod.ts";
import type { Settings } from "./setting_table.ts";

const isSparse = ({ layers }: Method) => layers === "sparse";
const hasSeveral = ({ members }: Method) => members !== "single";
const isSequential = ({ members }: Method) => members === "sequential";
const descends = ({ lineage }: Method) => lineage !== undefined;
/** Its members learn from the table alone, so that one can learn from others in its place. */
const teaches = (method: Method) =>
  hasSeveral(method) && method.lesson === undefined && method.votes === undefined &&
  !descends(method);
const changes = ({ strategy }: Method) => strategy !== undefined;
/** Its networks learn from the table alone, and each begins anew: workers can share its rows. */
const standsAlone = (method: Method) =>
  !isSequential(method) && method.lesson === undefined && method.votes === undefined &&
  method.sample === undefined && !descends(method);

/** The settings that are read with some methods only. Those of methods themselves come beside them. */
const READ_WITH: { readonly [Name in keyof Settings]?: (method: Method) => boolean } = {
  epsilon: isSparse,
  density: isSparse,
  allocation: isSparse,
  initialTopology: isSparse,
  smallWorldRewiring: isSparse,
  blockSize: isSparse,
  members: hasSeveral,
  memberWeighting: hasSeveral,
  distil: teaches,
  workers: standsAlone,
  exchange: standsAlone,
  apart: standsAlone,
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

/** Tells whether a setting makes a difference with a method. What is no setting does. */
export function readsSetting(method: Method, name: string): boolean {
  if (Object.hasOwn(METHOD_SETTINGS, name)) return Object.hasOwn(method.settings, name);
  if (method.ignores?.some((ignored) => ignored === name)) return false;
  return READ_WITH[name as keyof Settings]?.(method) ?? true;
}

/** The only values of settings, by the origin of the members. */
const ONLY: Readonly<Record<Method["members"], Method["only"]>> = {
  single: { members: [1] },
  independent: {},
  sequential: { trials: [0], evolveUntil: [1] },
};

/** The settings that can have some values only with a method, and these values, the default first. */
export function onlyValues(method: Method): NonNullable<Method["only"]> {
  const { members, settings, only, lineage } = method;
  const growth = Object.hasOwn(settings, "growth") ? null : { growth: ["random"] };
  // Members that need others cannot be trials of candidates, nor change the weights of rows once more.
  const needing = members === "independent" && !trainsApart(method)
    ? { trials: [0], memberWeighting: [0] }
    : null;
  // The epochs of the ancestor do not adapt.
  const family = lineage === undefined ? null : { adaptToRows: [false] };
  return { ...ONLY[members], ...growth, ...needing, ...family, ...only };
}
