import type { Random } from "../random.ts";
import type { SettingTable } from "../setting.ts";
import type { TopologyStrategy } from "../topology/mod.ts";
import type { KnownRows, Lesson, Lineage } from "./members.ts";

/**
 * The families of methods. `sparse to sparse`: the number of connections never exceeds that of the
 * settings. `dense to sparse`: a network begins denser, and its memory is that of its beginning.
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
 * A method of training: all that the library knows of it. Settings, recipes, the command line, labels in
 * reports and the page of methods take it from here.
 *
 * @typeParam Own The settings that it reads and others may not. Each is an option of the command line. A
 * run stores those of its method, so that a new one changes nothing for others.
 */
export interface Method<Name extends string = string, Own extends object = object> {
  /** Its name in the setting `method`. */
  readonly name: Name;
  /** Its name in reports. */
  readonly title: string;
  /** Its family, as the field has them. */
  readonly family: Family;
  /** The publication, with its address. */
  readonly source: string;
  /** The change of the topology in a few words, for the page of methods. */
  readonly says: string;
  /** The cost of an update, in a few words. Left out: it is in proportion to the connections. */
  readonly costs?: string;
  /** The memory, where it is more at some time than that of the settings' density. */
  readonly memory?: string;
  /** The kind of layers. */
  readonly layers: "sparse" | "dense";
  /**
   * `sequential`: one training run yields all members in turn (the EDST protocol of Liu et al., 2022).
   * `independent`: every member begins with a fresh network. `single`: there is one member.
   */
  readonly members: "sequential" | "independent" | "single";
  /** The settings that it reads and others may not. Where two methods read one, both name it. */
  readonly settings: SettingTable<Own>;
  /** The settings of the paper's recipe that are other than those of FD-TSE. */
  readonly paper: Presets;
  /**
   * The settings with which it was published, where every recipe has them. Where some are ours, the
   * method's comment says so.
   */
  readonly published?: Presets;
  /** Settings that can have these values only. The first is the default in every recipe. */
  readonly only?: Readonly<Record<string, readonly PresetValue[]>>;
  /** Settings of all methods that change the topology, which this one does not read. */
  readonly ignores?: readonly ("interval" | "pruneRate" | "evolveUntil" | "reinitializeRate")[];
  /** Makes the topology strategy. Left out: the topology never changes. */
  strategy?(settings: Own & Partial<UpdateSettings>): TopologyStrategy;
  /**
   * Draws the rows that an independent member learns from: as many row numbers as there are rows. Left
   * out: every row once.
   */
  sample?(rows: number, random: Random): Int32Array;
  /**
   * The lesson of an independent member after others. It is asked for the training rows, and for those held
   * out, of which the targets alone count. Left out: what the rows say.
   *
   * @param earlier The outputs of the members before it, one after the other: rows × outputs.
   */
  lesson?(rows: KnownRows, earlier: readonly Float32Array[], settings: Own): Lesson;
  /**
   * The factors of the members' outputs, whose sum is the answer. Left out: the answer is their mean.
   *
   * @param outputs The outputs of all members on the training rows.
   */
  votes?(rows: KnownRows, outputs: readonly Float32Array[], settings: Own): readonly number[];
  /** Members that descend from one network. Left out: every member begins with fresh layers. */
  readonly lineage?: Lineage<Own>;
  /** The name of a run in reports. Left out: the title. */
  label?(settings: Own): string;
}

/** The families by name, each with what its methods have in common. */
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
