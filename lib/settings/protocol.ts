import { choice, integer, number, optional, type SettingTable, share, yes } from "../setting.ts";

/** The settings of the protocol: how members are made and chosen. */
export interface ProtocolSettings {
  /** M: the number of members. */
  readonly members: number;
  /** E: epochs of the whole run; with independent members, epochs of each member. */
  readonly epochs: number;
  /** E₀: epochs of exploration, before the first member's refinement; left out: the recipe's share of E. */
  readonly explore: number;
  /** The refinement of members: `comprehensive` updates topologies less often. */
  readonly refinement: "comprehensive" | "plain";
  /** The network that becomes a member: that of its best epoch on held-out rows, or of its last epoch. */
  readonly memberSelection: "best" | "last";
  /** The share of training rows held out to choose members. */
  readonly validationFraction: number;
  /** Rows that earlier members get wrong weigh up to exp(this) times as much. */
  readonly memberWeighting: number;
  /** One member learns the predictions of the ensemble, and becomes the model. */
  readonly distil?: true | undefined;
}

export const PROTOCOL: SettingTable<ProtocolSettings> = {
  members: integer("M: the number of members", 5, 1, 10_000),
  epochs: integer(
    "E: epochs of the whole run; with independent members, epochs of each member",
    350,
    1,
    10_000_000,
  ),
  explore: integer(
    "E₀: epochs of exploration, before the first member's refinement; left out: the recipe's share of E",
    100,
    0,
    10_000_000,
  ),
  refinement: choice(
    "The refinement of members: `comprehensive` updates topologies less often",
    ["comprehensive", "plain"],
  ),
  memberSelection: choice(
    "The network that becomes a member: that of its best epoch on held-out rows, or of its last epoch",
    ["best", "last"],
  ),
  validationFraction: share("The share of training rows held out to choose members", 0.2),
  memberWeighting: number(
    "Rows that earlier members get wrong weigh up to exp(this) times as much",
    0,
    0,
    100,
  ),
  distil: optional(
    yes("One member learns the predictions of the ensemble, and becomes the model"),
  ),
};
