import { choice, integer, number, optional, type SettingTable, share, yes } from "../setting.ts";

/** The settings of the protocol: how members come about and are chosen. */
export interface ProtocolSettings {
  /** M: members of the ensemble. */
  readonly members: number;
  /** E: epochs in all; of each member where they are independent. */
  readonly epochs: number;
  /** E₀: epochs before the first member's refinement; left out: their usual share of E. */
  readonly explore: number;
  /** The refinement of members: `comprehensive` updates topologies less often. */
  readonly refinement: "comprehensive" | "plain";
  /** The network that becomes the member: the best on held-out rows, or the last. */
  readonly memberSelection: "best" | "last";
  /** The share of training rows held out to choose members. */
  readonly validationFraction: number;
  /** Rows that earlier members get wrong weigh up to exp(this) times more. */
  readonly memberWeighting: number;
  /** One member learns what the ensemble says; it alone is the model. */
  readonly distil?: true | undefined;
}

export const PROTOCOL: SettingTable<ProtocolSettings> = {
  members: integer("M: members of the ensemble", 5, 1, 10_000),
  epochs: integer(
    "E: epochs in all; of each member where they are independent",
    350,
    1,
    10_000_000,
  ),
  explore: integer(
    "E₀: epochs before the first member's refinement; left out: their usual share of E",
    100,
    0,
    10_000_000,
  ),
  refinement: choice(
    "The refinement of members: `comprehensive` updates topologies less often",
    ["comprehensive", "plain"],
  ),
  memberSelection: choice(
    "The network that becomes the member: the best on held-out rows, or the last",
    ["best", "last"],
  ),
  validationFraction: share("The share of training rows held out to choose members", 0.2),
  memberWeighting: number(
    "Rows that earlier members get wrong weigh up to exp(this) times more",
    0,
    0,
    100,
  ),
  distil: optional(
    yes("One member learns what the ensemble says; it alone is the model"),
  ),
};
