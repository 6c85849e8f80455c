/** `deno task completions`: prints a script that completes the tasks' words in a shell. */
import { join } from "node:path";
import project from "../../deno.json" with { type: "json" };
import { helpWords } from "./help_words.ts";
import { completionScript, SHELLS } from "./scripts.ts";
import { Argument } from "../terminal/commander.ts";
import { PROJECT, runProgram, say, taskProgram } from "../terminal/command_line.ts";

const program = taskProgram(
  "completions",
  "Prints a script that makes the command sparsemble, short for deno task, and completes its words.",
  "bash > sparsemble.bash",
)
  .addArgument(new Argument("<SHELL>", "the shell").choices(SHELLS))
  .addHelpText("after", "\nThe shell reads it with: source sparsemble.bash")
  .action(async (shell) => {
    const programs = Object.entries(project.tasks).filter(([, { command }]) =>
      / tasks\/[\w/]+\.ts$/.test(command)
    );
    const tasks = await Promise.all(programs.map(async ([name, { description, command }]) => {
      const file = command.split(" ").at(-1)!;
      return helpWords(name, description, await helpOf(file));
    }));
    say(completionScript(shell, tasks, join(PROJECT, "deno.json")).trimEnd());
  });

/** The help of a task. It needs no permission for that. */
async function helpOf(file: string): Promise<string> {
  const { success, stdout } = await new Deno.Command("deno", {
    args: ["run", "--no-prompt", file, "--help"],
    cwd: PROJECT,
    stdin: "null",
    stderr: "null",
  }).output();
  if (!success) throw new Error(`Cannot ask ${file} for its options`);
  return new TextDecoder().decode(stdout);
}

await runProgram(program);
