/**
 * Keeps the results of steps that take minutes each, such as training and scoring a candidate. They are
 * stored in a file, so that a killed study continues where it stopped.
 *
 * @module
 */
import { writeFileAtomically } from "../../files/mod.ts";
import { node } from "../../node.ts";

/** Returns the stored result of a named step, or carries the step out. */
export type Keep = <Found>(name: string, make: () => Promise<Found>) => Promise<Found>;

/** Carries out every step, and stores nothing. */
export const keepNothing: Keep = (_name, make) => make();

/**
 * Stores the results of steps as JSON.
 *
 * @param path A file. It may exist from a killed study.
 */
export function keepIn(path: string): Keep {
  const { fs } = node;
  const found: Record<string, unknown> = fs.existsSync(path)
    ? JSON.parse(fs.readFileSync(path, "utf8"))
    : {};
  return async <Found>(name: string, make: () => Promise<Found>): Promise<Found> => {
    if (!Object.hasOwn(found, name)) {
      found[name] = await make();
      writeFileAtomically(path, `${JSON.stringify(found, null, 1)}\n`);
    }
    return found[name] as Found;
  };
}
