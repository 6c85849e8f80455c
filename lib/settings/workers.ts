import { choice, integer, optional, type SettingTable, share } from "../setting.ts";

/** An exchange between workers. */
export type Exchange = "synchronous" | "asynchronous";

/** The exchanges between workers by name. */
export const EXCHANGES = ["synchronous", "asynchronous"] as const satisfies readonly Exchange[];

/** The settings of workers that train one network together, each on its share of the rows. */
export interface WorkerSettings {
  /** K: the number of workers that train one network together, each on its share of the rows. */
  readonly workers?: number | undefined;
  /** The exchange of gradients between workers; only `synchronous` gives the same bytes every time. */
  readonly exchange?: Exchange | undefined;
  /** The last share of a member's epochs, in which workers train copies that are then averaged. */
  readonly apart?: number | undefined;
}

export const WORKERS: SettingTable<WorkerSettings> = {
  workers: optional(
    integer(
      "K: the number of workers that train one network together, each on its share of the rows",
      1,
      1,
      1024,
    ),
  ),
  exchange: optional(
    choice(
      "The exchange of gradients between workers; only `synchronous` gives the same bytes every time",
      EXCHANGES,
    ),
  ),
  apart: optional(
    share(
      "The last share of a member's epochs, in which workers train copies that are then averaged",
      0.3,
    ),
  ),
};

/** The workers that train one network together. */
export interface Teamwork {
  /** K: their number, at least 2. */
  readonly workers: number;
  /** The exchange of gradients. */
  readonly exchange: Exchange;
  /** The last share of a member's epochs, in which each worker trains its own copy. */
  readonly apart: number;
}

/** Returns the workers that the settings ask for; `null` for a single one. */
export function teamworkOf(
  { workers = 1, exchange = "synchronous", apart = 0.3 }: WorkerSettings,
): Teamwork | null {
  return workers === 1 ? null : { workers, exchange, apart };
}
