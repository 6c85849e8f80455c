/**
 * Scripts that define the command `sparsemble` in a shell, and complete its words: tasks, options and
 * choices, and files in other places. They contain the words, so that no program runs while somebody types.
 */
import { shellWord } from "../../lib/messages.ts";
import type { TaskWords } from "./help_words.ts";

/** The shells with a script. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

/** The script of a shell. */
export function completionScript(
  shell: typeof SHELLS[number],
  tasks: readonly TaskWords[],
  config: string,
): string {
  if (shell === "fish") return fishScript(tasks, config);
  const bash = bashScript(tasks, config);
  if (shell === "bash") return bash;
  return `autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n${bash}`;
}

function bashScript(tasks: readonly TaskWords[], config: string): string {
  const words = (list: readonly string[]) => shellWord(list.join(" "));
  const choices = tasks.flatMap(({ task, options }) =>
    options.filter((option) => option.takesValue).map(({ name, choices }) =>
      `    '${task} ${name}') words=${words(choices)} ;;`
    )
  );
  const names = tasks.map(({ task, options, commands }) =>
    `    '${task} '*) words=${words([...commands, ...options.map(({ name }) => name)])} ;;`
  );
  return `sparsemble() { deno task --config ${shellWord(config)} "$@"; }
_sparsemble() {
  local current=\${COMP_WORDS[COMP_CWORD]} words=
  case "\${COMP_WORDS[1]} \${COMP_WORDS[COMP_CWORD-1]}" in
    *' sparsemble') words=${words(tasks.map(({ task }) => task))} ;;
${[...choices, ...names].join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o bashdefault -o default -F _sparsemble sparsemble
`;
}

function fishScript(tasks: readonly TaskWords[], config: string): string {
  const word = (text: string) => `'${text.replaceAll(/['\\]/g, "\\$&")}'`;
  const lines = tasks.flatMap(({ task, says, options, commands }) => {
    const seen = `complete -c sparsemble -n '__fish_seen_subcommand_from ${task}'`;
    return [
      `complete -c sparsemble -n __fish_use_subcommand -f -a ${task} -d ${word(says)}`,
      ...commands.map((name) => `${seen} -a ${name}`),
      ...options.map(({ name, takesValue, choices, says }) => {
        const value = choices.length > 0
          ? ` -x -a ${word(choices.join(" "))}`
          : takesValue
          ? " -r"
          : "";
        return `${seen} -l ${name.slice(2)}${value} -d ${word(says)}`;
      }),
    ];
  });
  return [
    `function sparsemble; deno task --config ${word(config)} $argv; end`,
    ...lines,
    "",
  ].join("\n");
}
