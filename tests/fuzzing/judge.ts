/**
 * What must never come of a file, whatever is in it.
 *
 * @module
 */
import type { Outcome } from "./task_process.ts";

/** The most bytes of a line of a message. */
const MOST_BYTES = 2048;

/** A stack, or the words of an engine in place of a sentence of ours. */
const ENGINE = [
  /^\s+at .*[:/]\d+:\d+/m,
  /--debug shows where/,
  /\bundefined\b|\[object |is not (a function|iterable|defined)|Maximum call stack/,
  /Cannot (read|set|convert|destructure) (propert|undefined|null|a Symbol)/,
  /Invalid (array|typed array|string) length|allocation failed|out of memory|out of bounds/i,
];

// deno-lint-ignore no-control-regex
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

/** What is wrong with how a task ended, or `null`. */
export function faultOf(outcome: Outcome): string | null {
  if ("crash" in outcome) return `crash (${outcome.crash})`;
  if ("limit" in outcome) {
    const { limit, bytes, seconds } = outcome;
    return limit === "memory" ? `memory: ${bytes} bytes` : `hang: ${seconds} seconds`;
  }
  const { code, stdout, stderr } = outcome;
  if (![0, 1, 2, 130].includes(code)) return `exit ${code}`;
  if (/NotCapable|permission is missing|Requires (read|write|run) access/.test(stderr)) {
    return `a file outside of the folder: ${stderr.slice(-500)}`;
  }
  const engine = ENGINE.find((words) => words.test(stderr));
  if (engine !== undefined) return `an engine's error: ${excerpt(stderr, engine)}`;
  if (code !== 0 && code !== 130 && !/^Cannot /m.test(stderr)) {
    return `no sentence: ${stderr.slice(-500)}`;
  }
  const long = stderr.split("\n").find((line) =>
    new TextEncoder().encode(line).length > MOST_BYTES
  );
  if (long !== undefined) return `a message of ${long.length} letters: ${long.slice(0, 300)}`;
  for (const text of [stdout, stderr]) {
    if (CONTROL.test(text)) return `a control character: ${JSON.stringify(excerpt(text, CONTROL))}`;
  }
  // What is wrong with a file may be quoted from it, in a paragraph of its own.
  const results = stdout.replaceAll(/Left out, because damaged[^]*?(\n\n|$)/g, "");
  if (code === 0 && /\bNaN\b/.test(results) && !/not finite|NaN/.test(stderr)) {
    return `NaN without a word: ${excerpt(results, /\bNaN\b/)}`;
  }
  return null;
}

function excerpt(text: string, words: RegExp): string {
  const { index } = words.exec(text)!;
  return text.slice(Math.max(0, index - 200), index + 300);
}
