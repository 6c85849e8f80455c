/**
 * The table of methods. To add one, write a file that exports a {@linkcode Method}, add its line below, and
 * let the pages be written: `deno test --allow-all tests/documentation/generated_tables_test.ts -- --write`.
 *
 * @module
 */
import type { SettingTable } from "../setting.ts";
import type { TopologyStrategy } from "../topology/mod.ts";
import { GRADUAL, GRANET, SNIP, SYNFLOW, TICKETS } from "./dense_to_sparse/mod.ts";
import {
  BAGGING,
  BOOSTING,
  BORN_AGAIN,
  DIST_TSE,
  DST_ENSEMBLE,
  EDST,
  FD_TSE,
  LOTTERY_TICKETS,
  NEGATIVE_CORRELATION,
  PRUNE_AND_TUNE,
  RD_TSE,
  SNAPSHOTS,
  SUBSPACES,
} from "./ensembles/mod.ts";
import { DENSE, DENSE_ENSEMBLE, SPARSE_ENSEMBLE, STATIC, staticTopology } from "./fixed/mod.ts";
import type { Method, UpdateSettings } from "./method.ts";
import {
  CHT,
  CHTS,
  DEEP_R,
  DSR,
  GSE,
  IMPORTANCE,
  MEST,
  RIGL,
  RIGL_ITOP,
  SET,
  SET_ITOP,
  SNFS,
  SRIGL,
} from "./sparse_to_sparse/mod.ts";

/** Every method. */
export const METHOD_TABLE = [
  FD_TSE,
  RD_TSE,
  DIST_TSE,
  EDST,
  DST_ENSEMBLE,
  PRUNE_AND_TUNE,
  LOTTERY_TICKETS,
  SNAPSHOTS,
  BAGGING,
  SUBSPACES,
  BOOSTING,
  NEGATIVE_CORRELATION,
  BORN_AGAIN,
  SET,
  SET_ITOP,
  RIGL,
  RIGL_ITOP,
  MEST,
  DEEP_R,
  DSR,
  SNFS,
  SRIGL,
  CHT,
  CHTS,
  GSE,
  IMPORTANCE,
  GRADUAL,
  GRANET,
  TICKETS,
  SNIP,
  SYNFLOW,
  STATIC,
  SPARSE_ENSEMBLE,
  DENSE,
  DENSE_ENSEMBLE,
] as const;

for (const { paper, published } of METHOD_TABLE as readonly Method[]) {
  Object.freeze(paper);
  Object.freeze(published);
}

/** The name of a method. */
export type MethodName = typeof METHOD_TABLE[number]["name"];

/** The names of the methods. */
export const METHODS: readonly MethodName[] = Object.freeze(
  METHOD_TABLE.map(({ name }) => name),
);

/** The settings that only some methods read. */
export type MethodSettings = Intersection<SettingsOf<typeof METHOD_TABLE[number]>>;

/** Those settings by name. */
export const METHOD_SETTINGS: SettingTable<MethodSettings> = Object.assign(
  {},
  ...METHOD_TABLE.map(({ settings }) => settings),
);

/** The settings of a method. */
export type SettingsOf<M> = M extends Method<string, infer Own> ? Own : never;

/** The type of a value that has all types of a union at once. */
export type Intersection<Union> = (Union extends unknown ? (part: Union) => void : never) extends
  (all: infer All) => void ? All : never;

/** Finds a method by its name. */
export function methodNamed(name: MethodName): Method {
  return METHOD_TABLE.find((method) => method.name === name)!;
}

/** A method, and its topology strategy under the settings of a run. */
export interface ChosenMethod
  extends Pick<Method, "layers" | "members" | "sample" | "lesson" | "votes" | "lineage"> {
  /** The topology strategy. */
  readonly topology: TopologyStrategy;
}

/** The method that the settings name. */
export function methodOf(
  settings: Partial<MethodSettings & UpdateSettings> & { readonly method: MethodName },
): ChosenMethod {
  const method = methodNamed(settings.method);
  return { ...method, topology: method.strategy?.(settings) ?? staticTopology() };
}

/** Returns `true` if a method's members can be trained in any order, because none needs another. */
export function trainsApart({ members, lesson, lineage }: Partial<Method>): boolean {
  return members !== "sequential" && lesson === undefined && lineage === undefined;
}
