import type { Random } from "../random.ts";
import type { SettingTable } from "../setting.ts";
import type { TopologyStrategy } from "../topology/mod.ts";
import type { KnownRows, Lesson, Lineage } from "./members.ts";

/**
 * The family of a method. `sparse to sparse`: the number of connections never exceeds that of the settings.
 * `dense to sparse`: a network begins denser, and needs the memory of this denser network.
 */
export type Family = "ensembles" | "sparse to sparse" | "dense to sparse" | "fixed";

/** Settings of all runs that strategies read too. */
export interface UpdateSettings {
  /** ζ: the share of connections that a topology update replaces. */
  readonly pruneRate: number;
  /** The share of an independent member's epochs in which its topology is updated. */
  readonly evolveUntil: number;
}

/**
 * A training method. This object is the only place that describes it: the settings, the recipes, the
 * command line, the reports and docs/methods.md are made from it.
 *
 * @typeParam Own The method's own settings, which other methods need not read. Each is an option of the
 * command line. A run stores only the settings of its own method, so a new setting does not change the
 * files of other methods.
 */
export interface Method<Name extends string = string, Own extends object = object> {
  /** Its name in the setting `method`. */
  readonly name: Name;
  /** Its name in reports. */
  readonly title: string;
  /** Its family. */
  readonly family: Family;
  /** The publication, with its address. */
  readonly source: string;
  /** The change of the topology in a few words, for the page of methods. */
  readonly says: string;
  /** The cost of an update, in a few words. Left out: proportional to the connections. */
  readonly costs?: string;
  /** The memory, in a few words, if it ever exceeds that of the settings' density. */
  readonly memory?: string;
  /** The kind of layers. */
  readonly layers: "sparse" | "dense";
  /**
   * `sequential`: one training run yields all members in turn (the EDST protocol of Liu et al., 2022).
   * `independent`: every member begins with a fresh network. `single`: there is one member.
   */
  readonly members: "sequential" | "independent" | "single";
  /** The method's own settings. If two methods read the same setting, both list it. */
  readonly settings: SettingTable<Own>;
  /** Defaults of the paper's recipe that differ from those of FD-TSE. */
  readonly paper: Presets;
  /**
   * Defaults in every recipe: the values with which the method was published. The method's comment names
   * the values that are our own choice.
   */
  readonly published?: Presets;
  /** Settings that are restricted to these values. The first value is the default in every recipe. */
  readonly only?: Readonly<Record<string, readonly PresetValue[]>>;
  /** Settings that other methods with topology changes read, and this one does not. */
  readonly ignores?: readonly ("interval" | "pruneRate" | "evolveUntil" | "reinitializeRate")[];
  /** Makes the topology strategy. Left out: the topology never changes. */
  strategy?(settings: Own & Partial<UpdateSettings>): TopologyStrategy;
  /**
   * Draws the rows that an independent member learns from. Returns as many row numbers as there are rows; a
   * number may repeat. Left out: every row once.
   */
  sample?(rows: number, random: Random): Int32Array;
  /**
   * Makes the lesson of an independent member after earlier ones. It is called for the training rows, and
   * for the held-out rows, where only its targets are used. Left out: the members learn the rows as they
   * are.
   *
   * @param earlier The outputs of the members before it, one after the other: rows × outputs.
   */
  lesson?(rows: KnownRows, earlier: readonly Float32Array[], settings: Own): Lesson;
  /**
   * Computes a factor for every member. The ensemble's answer is the sum of outputs × factors. Left out:
   * the answer is the mean of the outputs.
   *
   * @param outputs The outputs of all members on the training rows.
   */
  votes?(rows: KnownRows, outputs: readonly Float32Array[], settings: Own): readonly number[];
  /** Members that descend from one network. Left out: every member begins with fresh layers. */
  readonly lineage?: Lineage<Own>;
  /** The name of a run in reports. Left out: the title. */
  label?(settings: Own): string;
}

/** The common property of each family's methods, by the family's name. */
export const FAMILIES: Readonly<Record<Family, string>> = {
  ensembles: "members from one run, or made to differ; truly sparse all along",
  "sparse to sparse": "truly sparse all along, never more connections than the settings say",
  "dense to sparse": "denser at first, and so is their memory",
  fixed: "the connections never change",
};

/** The cost of a method's updates, in a few words. */
export function costsOf({ costs, strategy }: Method): string {
  return costs ?? (strategy === undefined ? "nothing" : "in proportion to the connections");
}

/** The memory of a method, in a few words. */
export function memoryOf({ memory, layers }: Method): string {
  return memory ?? (layers === "dense" ? "dense" : "truly sparse all along");
}

/** A value of a setting. */
export type PresetValue = string | number | boolean | null;

/** Values of some settings. */
export type Presets = Readonly<Record<string, PresetValue>>;
