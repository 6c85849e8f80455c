/**
 * Files as documents of JSON, and changes of them: every kind of file is described by a document, which is
 * changed and then written anew, with lengths, offsets and digests that are right.
 *
 * @module
 */

/**
 * JSON, in which some objects stand for what would be long or is no JSON: `{ "$raw": "1e999" }` for its
 * text, `{ "$nested": 3 }` for `[[[]]]`, and in a change `{ "$times": ["ab", 2] }` for the text `"abab"`.
 */
export type Value = null | boolean | number | string | Value[] | { [key: string]: Value };

/** The keys that lead to a part of a document. */
export type Path = readonly (string | number)[];

/** A change of a document, or of a byte of the file made of it. */
export type Change =
  | { readonly set: Path; readonly value: Value }
  | { readonly remove: Path }
  /** To a name, or to one so many times. */
  | { readonly rename: Path; readonly to: string; readonly times?: number }
  | { readonly copy: Path; readonly from: Path }
  | { readonly repeat: Path; readonly times: number }
  /** At a share of the file's length from 0 to 1. */
  | { readonly byte: number; readonly value: number };

/** A file to be made: of this kind, with these changes. */
export interface Recipe {
  readonly kind: string;
  readonly changes: readonly Change[];
}

/** The most values and letters that a document has after a repetition. */
const MOST_REPEATED = 2 ** 20;

/** The document with the changes. What an earlier change took away cannot be changed any more. */
export function changed(document: Value, changes: readonly Change[]): Value {
  const root: Value = { root: structuredClone(document) };
  for (const change of changes) {
    if ("byte" in change) continue;
    const path = "set" in change
      ? change.set
      : "remove" in change
      ? change.remove
      : "rename" in change
      ? change.rename
      : "copy" in change
      ? change.copy
      : change.repeat;
    const key = path.length === 0 ? "root" : path[path.length - 1];
    const parent = valueAt(root, ["root", ...path].slice(0, -1));
    if (typeof parent !== "object" || parent === null) continue;
    changePart(root, parent as { [key: string | number]: Value }, key, change);
  }
  return root.root ?? null;
}

function changePart(
  root: Value,
  parent: { [key: string | number]: Value },
  key: string | number,
  change: Exclude<Change, { readonly byte: number }>,
): void {
  const assign = (name: string | number, value: Value) => {
    // A list has no names.
    if (Array.isArray(parent) && typeof name === "string") return;
    // An assignment to "__proto__" would set the prototype.
    Object.defineProperty(parent, name, {
      value,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  };
  if ("set" in change) assign(key, written(change.value));
  else if ("remove" in change) {
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else delete parent[key];
  } else if ("rename" in change) {
    if (Array.isArray(parent) || !Object.hasOwn(parent, key)) return;
    const value = parent[key];
    delete parent[key];
    assign(change.to.repeat(change.times ?? 1), value);
  } else if ("copy" in change) {
    const value = valueAt(root, ["root", ...change.from]);
    if (value !== undefined) assign(key, structuredClone(value));
  } else {
    const value = parent[key];
    if (value === undefined) return;
    const room = (MOST_REPEATED - sizeOf(root)) / sizeOf(value);
    const times = Math.max(1, Math.min(change.times, Math.floor(room)));
    if (Array.isArray(parent)) {
      // Not spread into a call, which takes only so many arguments.
      const after = parent.splice(Number(key) + 1);
      for (let k = 1; k < times; k++) parent.push(value);
      for (const part of after) parent.push(part);
    } else if (typeof value === "string") assign(key, value.repeat(times));
    else for (let k = 0; k < times; k++) assign(`${key}${k}`, value);
  }
}

function written(value: Value): Value {
  const times = valueAt(value, ["$times"]);
  if (!Array.isArray(times)) return structuredClone(value);
  return `${times[0]}`.repeat(Number(times[1]));
}

function sizeOf(value: Value): number {
  if (typeof value === "string") return Math.max(1, value.length);
  if (typeof value !== "object" || value === null) return 1;
  return 1 + Object.values(value).reduce<number>((sum, part) => sum + sizeOf(part), 0);
}

/** A part of a document, or `undefined`. */
export function valueAt(document: Value, path: Path): Value | undefined {
  let value: Value | undefined = document;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as { [key: string | number]: Value })[key];
  }
  return value;
}

/** The text that stands for itself, or `undefined`. */
export function rawText(value: Value | undefined): string | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const { $raw, $nested } = value;
  if (typeof $nested === "number") return `${"[".repeat($nested)}${"]".repeat($nested)}`;
  return typeof $raw === "string" ? $raw : undefined;
}

/** A document as JSON, with its raw texts as they are. */
export function jsonText(value: Value): string {
  const raw = rawText(value);
  if (raw !== undefined) return raw;
  if (Array.isArray(value)) return `[${value.map(jsonText).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{${
    Object.entries(value).map(([key, part]) => `${JSON.stringify(key)}:${jsonText(part)}`)
  }}`;
}

/** The bytes of a file with the changes that are about bytes. */
export function withBytes(bytes: Uint8Array, changes: readonly Change[]): Uint8Array {
  const copy = bytes.slice();
  for (const change of changes) {
    if ("byte" in change) copy[Math.floor(change.byte * copy.length)] = change.value;
  }
  return copy;
}
