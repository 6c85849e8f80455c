/**
 * Messages of the library in the words of the page: it has no options of a command line.
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

/** The message of an error, for people. */
export function plainWords(error: unknown): string {
  const message = error instanceof Error ? error.message : `${error}`;
  const isSentence = error instanceof Error && message.startsWith("Cannot ");
  const plain = WORDS.reduce((text, [from, to]) => text.replaceAll(from, to), message);
  return isSentence ? plain : `Something went wrong that should not have: ${plain}`;
}
