import { didYouMean, escaped, nearestName } from "../../lib/messages.ts";

/** Words among which a person finds the right one at a glance. */
const FEW = 8;

/**
 * Commander's complaint about a command line, as one line in the style of all other messages.
 *
 * @param command What begins the command: `deno task evaluate`.
 * @param needed The arguments that the command cannot do without.
 */
export function usageSentence(text: string, command: string, needed: readonly string[]): string {
  const line = text.trim().replace(/^error: /, "").replace(/\.$/, "").replaceAll(/\s*\n\s*/g, " ");
  const isMissing = /^missing required argument/.test(line) && needed.length > 0;
  const next = isMissing
    ? `; type: ${[command, ...needed].join(" ")}`
    : `; ${command} --help lists the options`;
  return escaped(`Cannot run the task: ${withNearest(line)}${next}`);
}

/** A complaint about a word that is none of the choices, with the nearest of them in place of very many. */
function withNearest(line: string): string {
  const parts = /^(option '.*' argument '(.*)' is invalid)\. Allowed choices are (.*)$/.exec(line);
  if (parts === null) return line;
  const [, complaint, word, list] = parts;
  const choices = list.split(", ");
  if (choices.length > FEW && nearestName(word, choices) !== undefined) {
    return `${complaint}${didYouMean(word, choices)}`;
  }
  return `${complaint}; the choices are ${list}${didYouMean(word, choices)}`;
}
