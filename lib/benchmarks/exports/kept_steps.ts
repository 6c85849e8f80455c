/**
 * The steps of the study that take minutes each, such as a candidate that was trained and scored. What each
 * found is kept in a file, so that a study which was killed goes on where it was.
 *
 * @module
 */
import { writeFileAtomically } from "../../files/mod.ts";
import { node } from "../../node.ts";

/** Gives what a step of a name has found, and makes it if it has not been made. */
export type Keep = <Found>(name: string, make: () => Promise<Found>) => Promise<Found>;

/** Makes every step anew. */
export const keepNothing: Keep = (_name, make) => make();

/**
 * Keeps what steps find, as JSON.
 *
 * @param path A file, which may be there from a study that was killed.
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
