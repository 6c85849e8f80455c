/** The words that a task's `--help` lists. */

/** An option of a task. */
export interface OptionWords {
  /** Its name, with two dashes. */
  readonly name: string;
  /** `true` if a value follows it. */
  readonly takesValue: boolean;
  /** The possible values; empty if any value is possible. */
  readonly choices: readonly string[];
  /** The beginning of its description. */
  readonly says: string;
}

/** The words that may follow a task's name. */
export interface TaskWords {
  readonly task: string;
  readonly says: string;
  readonly options: readonly OptionWords[];
  /** Its commands, such as `list` of `data`. */
  readonly commands: readonly string[];
}

/** Reads a task's help. */
export function helpWords(task: string, says: string, help: string): TaskWords {
  const entries = help.split(/\n(?= {2}\S|\S|\n)/).map((entry) => entry.replaceAll(/\s+/g, " "));
  const options = entries.flatMap((entry): OptionWords[] => {
    const [match, name, value, text] = /^ (?:-\w, )?(--[\w-]+)( <[^>]+>)? (.*)$/.exec(entry) ?? [];
    if (match === undefined) return [];
    const list = /\(choices: ([^)]*)\)/.exec(text)?.[1] ?? "";
    const choices = Array.from(list.matchAll(/"([^"]*)"/g), ([, choice]) => choice);
    const sentence = text.split(/[;:(]/, 1)[0].trim();
    return [{ name, takesValue: value !== undefined, choices, says: sentence }];
  });
  const group = /^Commands:\n([^]*?)(?:\n\n|$(?![^]))/m.exec(help)?.[1] ?? "";
  const commands = Array.from(group.matchAll(/^ {2}([a-z]\w*)/gm), ([, name]) => name)
    .filter((name) => name !== "help");
  return { task, says, options, commands };
}
