/**
 * Sentences about a study for its reader: settings that runs do not use, and recipes that differ without
 * being named.
 *
 * @module
 */
import { quoted, quotedList } from "../../messages.ts";

/** The findings on the configurations of a study, while they are made. */
export interface StudyFindings {
  /** The settings that were removed, by the method that does not have them. */
  readonly unread: Map<string, Set<string>>;
  /** The settings that stay, and make no difference, by the method that does not read them. */
  readonly idle: Map<string, Set<string>>;
  /** The methods of runs that name no recipe. `null`: no method is named either. */
  readonly recipeless: Set<string | null>;
}

/** Empty findings. */
export function noFindings(): StudyFindings {
  return { unread: new Map(), idle: new Map(), recipeless: new Set() };
}

/** Notes that a method does not read a setting. */
export function note(found: Map<string, Set<string>>, method: string, setting: string): void {
  found.set(method, (found.get(method) ?? new Set()).add(setting));
}

/** One sentence per finding. */
export function studyNotes({ unread, idle, recipeless }: StudyFindings): string[] {
  const named = [...recipeless].filter((method) => method !== null);
  const recipes =
    `The recipes differ: runs without a method follow the modern one, those with method ` +
    `${quotedList(named)} the paper's; "recipe" in "base" gives all the same`;
  return [
    ...[...unread].map(([method, names]) =>
      `Left out with method ${quoted(method)}, which does not have it: ${[...names].join(", ")}`
    ),
    ...[...idle].map(([method, names]) =>
      `Without effect with method ${quoted(method)}, which does not read it: ${
        [...names].join(", ")
      }`
    ),
    ...(recipeless.has(null) && named.length > 0 ? [recipes] : []),
  ];
}
