import { arffValues, quotedText } from "./arff_tokens.ts";
import { quoted } from "../../messages.ts";

/** A column of an ARFF file. */
export interface ArffAttribute {
  /** Its name. */
  readonly name: string;
  /** The type of its values. */
  readonly kind: "numeric" | "nominal" | "string" | "date";
  /** The values that a nominal attribute may have, or `null`. */
  readonly values: ReadonlySet<string> | null;
  /** The line that declares it. */
  readonly line: number;
}

/**
 * Reads a line that declares an attribute.
 *
 * @param line The line, which begins with `@attribute`.
 * @param number The line's number.
 * @param where The beginning of a message.
 * @throws {SyntaxError} If there is no name or no known type.
 */
export function arffAttribute(line: string, number: number, where: string): ArffAttribute {
  const rest = line.trimStart().slice("@attribute".length).trimStart();
  const { text: name, end } = rest[0] === "'" || rest[0] === '"'
    ? quotedText(rest, 0, where)
    : unquotedName(rest);
  if (name === "") {
    throw new SyntaxError(`${where}: found an attribute without a name, need one`);
  }
  const type = rest.slice(end).trimStart();
  if (type[0] === "{") {
    return { name, kind: "nominal", values: nominalValues(type, where), line: number };
  }
  const word = /^[^\s%]*/.exec(type)![0].toLowerCase();
  switch (word) {
    case "numeric":
    case "real":
    case "integer":
      return { name, kind: "numeric", values: null, line: number };
    case "string":
    case "date":
      return { name, kind: word, values: null, line: number };
    default:
      throw new SyntaxError(
        `${where}: found the type ${quoted(word)} of the attribute ${quoted(name)}, ` +
          `need numeric, real, integer, string, date or a list of values in braces`,
      );
  }
}

function unquotedName(rest: string): { text: string; end: number } {
  const text = /^[^\s{]*/.exec(rest)![0];
  return { text, end: text.length };
}

function nominalValues(type: string, where: string): Set<string> {
  // A quoted value may contain a brace too, so the last brace closes the list.
  const end = type.lastIndexOf("}");
  if (end < 0) {
    throw new SyntaxError(`${where}: found a list of values that is never closed, need "}"`);
  }
  return new Set(arffValues(type.slice(1, end), where).map(({ text }) => text));
}
