/** `deno task completions`: prints a script that completes the tasks' words in a shell. */
import { join } from "node:path";
import project from "../../deno.json" with { type: "json" };
import { helpWords, type TaskWords } from "./help_words.ts";
import { completionScript, SHELLS } from "./scripts.ts";
import { Argument } from "../terminal/commander.ts";
import { PROJECT, runProgram, say, taskProgram } from "../terminal/command_line.ts";

/** Tasks that are asked for their help at a time. All at once would need the memory of as many processes. */
const AT_ONCE = 2;

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
    const tasks: TaskWords[] = [];
    const entries = programs.entries();
    const askOneByOne = async () => {
      for (const [place, [name, { description, command }]] of entries) {
        tasks[place] = helpWords(name, description, await helpOf(command.split(" ").at(-1)!));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, askOneByOne));
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
