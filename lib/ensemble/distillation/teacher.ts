import type { Model } from "../../model/mod.ts";
import type { Candidate, Settings } from "../../settings/mod.ts";

/** The ensemble from which one member learns, and the results of its trials. */
export interface Teacher {
  /** The ensemble. */
  readonly model: Model;
  /** Its candidates, each with the loss of its trial members on held-out rows. Empty without trials. */
  readonly trials: readonly { readonly candidate: Candidate; readonly loss: number }[];
}

/** The settings of a teacher: the requested ones, without the distillation. */
export function teacherSettings<Some extends Partial<Settings>>(settings: Some): Some {
  const { distil: _distil, ...own } = settings;
  return own as Some;
}
