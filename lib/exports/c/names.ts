import type { ExportPlan } from "../plan.ts";
import type { CWeights } from "./weights.ts";

/** The facts about a program in C that its texts name. */
export interface About {
  /** The files' name before their endings. */
  readonly name: string;
  /** The beginning of every public name. */
  readonly prefix: string;
  /** The type of weights. */
  readonly weights: CWeights;
  /** The folded plan. */
  readonly plan: ExportPlan;
}

/** The name of a public function or macro. */
export function publicName({ prefix }: Pick<About, "prefix">, name: string): string {
  return /^[A-Z_]+$/.test(name) ? `${prefix.toUpperCase()}${name}` : `${prefix}${name}`;
}
