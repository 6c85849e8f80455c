/**
 * Translates messages of the library to the words of the page, which has no command-line options.
 *
 * @module
 */

/** Words of the command line, and those of the page. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/ \(--task regression\)/g, ' (choose "a number")'],
  [/; --task regression predicts them as numbers/g, '; choose "a number" to predict them as such'],
  [/; without --task regression, texts are classes/g, '; choose "a class" for texts'],
  [/; --test-fraction 0 .*$/g, ""],
  [/; --ignore leaves all columns of a name out/g, ""],
  [/ \(--ignore\)/g, ""],
  [/, as from: iconv .*$/g, ": save it again as UTF-8"],
];

/** A sentence of the library in the words of the page. */
export function plainWords(sentence: string): string {
  return WORDS.reduce((text, [from, to]) => text.replaceAll(from, to), sentence);
}

/** The message of an error, for people. */
export function messageOf(error: unknown): string {
  if (error instanceof WebAssembly.CompileError) {
    return "Cannot train in this browser: found no relaxed SIMD instructions in its WebAssembly, need " +
      "a browser that has them, such as Chrome, Edge or Chromium from version 114 on";
  }
  const isSentence = error instanceof Error && error.message.startsWith("Cannot ");
  if (isSentence) return plainWords(error.message);
  return `Something went wrong that should not have: ${error}`;
}
