import { choice, integer, optional, type SettingTable, share } from "../setting.ts";

/** An exchange between workers. */
export type Exchange = "synchronous" | "asynchronous";

/** The exchanges between workers by name. */
export const EXCHANGES = ["synchronous", "asynchronous"] as const satisfies readonly Exchange[];

/** The settings of workers that train one network together, each on its share of the rows. */
export interface WorkerSettings {
  /** K: workers that train one network, each on its share of the rows. */
  readonly workers?: number | undefined;
  /** The exchange of gradients: `synchronous` repeats its bytes, `asynchronous` does not. */
  readonly exchange?: Exchange | undefined;
  /** The share of a member's epochs in which workers train copies, which are then averaged. */
  readonly apart?: number | undefined;
}

export const WORKERS: SettingTable<WorkerSettings> = {
  workers: optional(
    integer("K: workers that train one network, each on its share of the rows", 1, 1, 1024),
  ),
  exchange: optional(
    choice(
      "The exchange of gradients: `synchronous` repeats its bytes, `asynchronous` does not",
      EXCHANGES,
    ),
  ),
  apart: optional(
    share(
      "The share of a member's epochs in which workers train copies, which are then averaged",
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
  /** The share of a member's epochs, at its end, in which they train apart. */
  readonly apart: number;
}

/** The workers that the settings ask for; `null` for one, which trains as ever. */
export function teamworkOf(
  { workers = 1, exchange = "synchronous", apart = 0.3 }: WorkerSettings,
): Teamwork | null {
  return workers === 1 ? null : { workers, exchange, apart };
}
