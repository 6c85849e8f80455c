/** The completion of words in a shell, asked for as the shell does. */
import assert from "node:assert/strict";
import { METHODS } from "../../../lib/methods/mod.ts";
import { newFolder, writeFile } from "../../files.ts";
import { helpWords } from "../../../tasks/completion/help_words.ts";
import { completionScript } from "../../../tasks/completion/scripts.ts";
import { ROOT, runTask, taskCommands } from "../run_task.ts";

/** The completions that bash offers for the last of some words. */
async function completed(script: string, words: readonly string[]): Promise<string[]> {
  const folder = newFolder();
  writeFile(
    `${folder}/ask.bash`,
    `${script}
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_sparsemble
printf '%s\\n' "\${COMPREPLY[@]}"
`,
  );
  const { code, stdout, stderr } = await new Deno.Command("sh", {
    args: ["-c", 'exec bash ask.bash "$@"', "sh", ...words],
    cwd: folder,
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).split("\n").filter((word) => word !== "");
}

const hasBash = Deno.build.os !== "windows";

Deno.test({
  name: "bash completes tasks, options and choices, and leaves the rest to files (needs bash)",
  ignore: !hasBash,
  fn: async () => {
    const { code, stdout, stderr } = await runTask("completions", ["bash"]);
    assert.equal(code, 0, stderr);
    const ask = (...words: string[]) => completed(stdout, ["sparsemble", ...words]);
    assert.deepEqual((await ask("")).toSorted(), taskCommands().map(({ name }) => name).toSorted());
    assert.deepEqual(await ask("tr"), ["train"]);
    assert.deepEqual(await ask("train", "--tar"), ["--target"]);
    const methods = METHODS.filter((name) => name.startsWith("s"));
    assert.ok(methods.includes("set") && methods.includes("static"));
    assert.deepEqual(await ask("train", "t.csv", "--method", "s"), methods);
    assert.deepEqual(await ask("train", "--test", ""), []);
    assert.deepEqual(await ask("data", "v"), ["verify"]);
    assert.deepEqual(await ask("results", "--format", "p"), ["parquet"]);
    // What is typed is never run.
    assert.deepEqual(await ask("train", "$(touch was_run)"), []);
    assert.match(
      stdout,
      new RegExp(`^sparsemble\\(\\) \\{ deno task --config ${ROOT}deno\\.json `),
    );
  },
});

Deno.test("the scripts of other shells have the same words", () => {
  const help = `Usage: deno task x [options]

One:
  --first <word>            The first: it is
                            long (choices: "a", "b c")
  --second-one <count>
                            a number (default: 3)

Every task has:
  --quiet                   say nothing
  -h, --help                print this

Commands:
  list [options]            lists
  help [command]            display help
`;
  const words = helpWords("x", "Don't", help);
  assert.deepEqual(
    words.options.map(({ name, takesValue, choices }) => [name, takesValue, choices]),
    [
      ["--first", true, ["a", "b c"]],
      ["--second-one", true, []],
      ["--quiet", false, []],
      ["--help", false, []],
    ],
  );
  assert.deepEqual(words.commands, ["list"]);
  const fish = completionScript("fish", [words], "/a b/deno.json");
  assert.match(fish, /^function sparsemble; deno task --config '\/a b\/deno\.json' \$argv; end\n/);
  assert.match(fish, /__fish_use_subcommand -f -a x -d 'Don\\'t'$/m);
  assert.match(fish, /-l first -x -a 'a b c' -d 'The first'$/m);
  assert.match(fish, /-l second-one -r -d 'a number'$/m);
  const zsh = completionScript("zsh", [words], "/a b/deno.json");
  assert.match(
    zsh,
    /bashcompinit\nsparsemble\(\) \{ deno task --config '\/a b\/deno\.json' "\$@"; \}\n/,
  );
});

Deno.test("completions asks for a shell that it knows", async () => {
  const { code, stderr } = await runTask("completions", ["tcsh"]);
  assert.equal(code, 2);
  assert.match(stderr, /'tcsh' is invalid.*bash, zsh, fish/);
});
