import { didYouMean, escaped, nearestName } from "../../lib/messages.ts";

/** The largest number of choices that are all listed. */
const FEW = 8;

/**
 * Turns Commander's error about a command line into one line in the style of all other messages.
 *
 * @param command The first words of the command: `deno task evaluate`.
 * @param needed The arguments that the command cannot do without.
 */
export function usageSentence(text: string, command: string, needed: readonly string[]): string {
  const line = text.trim().replace(/^error: /, "").replace(/\.$/, "").replaceAll(/\s*\n\s*/g, " ")
    // Commander makes two sentences of it.
    .replace(/\. (?=Need |Expected )(.)/, (_, first) => `: ${first.toLowerCase()}`);
  const isMissing = /^missing required argument/.test(line) && needed.length > 0;
  const next = isMissing
    ? `; type: ${[command, ...needed].join(" ")}`
    : `; ${command} --help lists the options`;
  return escaped(`Cannot run the task: ${withNearest(line)}${next}`);
}

/** Commander's error about a word that is not one of the choices. */
const CHOICES =
  /^((?:option '.*' argument|the word) '(.*)' is invalid.*?)\. Allowed choices are (.*)$/;

/** An error about a word that is not one of the choices. It names the nearest choice instead of very many. */
function withNearest(line: string): string {
  const parts = CHOICES.exec(line.replace("command-argument value", "the word"));
  if (parts === null) return line;
  const [, complaint, word, list] = parts;
  const choices = list.split(", ");
  if (choices.length > FEW && nearestName(word, choices) !== undefined) {
    return `${complaint}${didYouMean(word, choices)}`;
  }
  return `${complaint}; the choices are ${list}${didYouMean(word, choices)}`;
}
