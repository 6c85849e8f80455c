import { quoted } from "../../messages.ts";

/** Line breaks, and characters that steer a terminal: in a command a reader does not see them. */
const INVISIBLE = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/**
 * A word as a POSIX shell reads it back.
 *
 * @throws {TypeError} If it has a line break or another control character.
 */
export function shellWord(text: string): string {
  requireOneLine("write a command", text);
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Refuses what would be several lines, or would not be seen as it is. */
export function requireOneLine(intent: string, text: string): void {
  if (!INVISIBLE.test(text)) return;
  throw new TypeError(
    `Cannot ${intent}: found ${quoted(text)}, need texts of one line without control characters`,
  );
}
