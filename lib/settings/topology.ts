import { integer, number, optional, type SettingTable, toggle } from "../setting.ts";

/** The settings of topology updates. */
export interface TopologySettings {
  /** ζ: the share of connections that a topology update replaces. */
  readonly pruneRate: number;
  /** q: the share of connections that re-initialisation replaces between two members. */
  readonly reinitializeRate: number;
  /** e: epochs between topology updates in exploration. */
  readonly interval: number;
  /** The share of an independent member's epochs after which its topology stays fixed. */
  readonly evolveUntil: number;
  /** Records the share of positions that were ever connected, the ITOP rate. */
  readonly countTried?: boolean | undefined;
  /** Records the mean topological distance between members, NNSTD. */
  readonly measureNnstd?: boolean | undefined;
}

export const TOPOLOGY: SettingTable<TopologySettings> = {
  pruneRate: number("ζ: the share of connections that a topology update replaces", 0.2, 0, 1),
  reinitializeRate: number(
    "q: the share of connections that re-initialisation replaces between two members",
    0.8,
    0,
    1,
  ),
  interval: integer("e: epochs between topology updates in exploration", 2, 1, 10_000_000),
  evolveUntil: number(
    "The share of an independent member's epochs after which its topology stays fixed",
    1,
    0,
    1,
  ),
  countTried: optional(
    toggle("Records the share of positions that were ever connected, the ITOP rate", false),
  ),
  measureNnstd: optional(
    toggle("Records the mean topological distance between members, NNSTD", false),
  ),
};
