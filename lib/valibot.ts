/**
 * Checks of data that come from outside, by schemas.
 *
 * @module
 */
import * as v from "npm:valibot@1.5.0";
import { contentError, quoted, shown } from "./messages.ts";

export * from "npm:valibot@1.5.0";

/**
 * Checks a value that was read from a file. The schema's messages say what is needed, such as
 * `v.string("a text")`.
 *
 * @param source The file, for the error.
 * @param what The name of the value in the error; `""` if the places within it are clear by themselves.
 * @returns The value as the schema transforms it.
 * @throws {SyntaxError} If the value does not fit. Only the first thing that is wrong is told.
 */
export function checkContent<S extends v.GenericSchema>(
  schema: S,
  value: unknown,
  source: string,
  what = "",
): v.InferOutput<S> {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const { path = [], expected, type, input, message } = result.issues[0];
  const place = quoted(path.reduce(joinedPath, ""));
  const where = path.length === 0 ? what : what === "" ? place : `${place} of ${what}`;
  if (expected === "never") throw contentError(source, `${where}`, "nothing of that name");
  // An object complains of the keys that it misses, and knows only what it is itself.
  const missing = type.endsWith("object") && input === undefined && path.length > 0;
  throw contentError(source, `${shown(input)} as ${where}`, missing ? "it" : message);
}

function joinedPath(path: string, { key }: { readonly key: unknown }): string {
  if (typeof key === "number") return `${path}[${key}]`;
  return path === "" ? `${key}` : `${path}.${key}`;
}
