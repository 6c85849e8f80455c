/**
 * A person who forgets the file must not get a model of the built-in data: every option that only makes
 * sense with a table asks for it.
 */
import assert from "node:assert/strict";
import { namesIn, newFolder, writeFile } from "../../files.ts";
import { runTask } from "../run_task.ts";

const from = newFolder();
writeFile(`${from}/settings.json`, `{"target": "species", "epochs": 20}`);

const FORGOTTEN: [args: string[], says: RegExp][] = [
  [["--target", "a b"], /--target: .*: deno task train FILE --target 'a b'$/m],
  [["--test", "x.csv"], /--test: .*: deno task train FILE --test x\.csv --target COLUMN$/m],
  [["--missing", "error"], /--missing: found no FILE, need a table/],
  [["--missing-target", "skip"], /--missing-target: found no FILE, need a table/],
  [["--categorical", "a"], /--categorical: found no FILE, need a table/],
  [["--ignore", "a"], /--ignore: found no FILE, need a table/],
  [["--task", "regression"], /--task regression: .* --task regression --target COLUMN$/m],
  [["--config", "settings.json"], /--target: .* deno task train FILE --target species$/m],
];

for (const [args, says] of FORGOTTEN) {
  Deno.test(`train ${args.join(" ")} asks for the file`, async () => {
    const { code, stdout, stderr } = await runTask("train", args, { from });
    assert.equal(stdout, "");
    assert.match(stderr.replaceAll(/ --config \S+deno\.json/g, ""), says);
    assert.equal(stderr.trimEnd().split("\n").length, 1, stderr);
    assert.equal(code, 2);
    assert.deepEqual(namesIn(from), ["settings.json"]);
  });
}

Deno.test("every option of a table asks for it, whatever options there will be", async () => {
  const { stdout } = await runTask("train", ["--help"], { from });
  const group = /^Your table:\n([^]*?)\n\n/m.exec(stdout)![1];
  const options = Array.from(group.matchAll(/^ {2}(--[\w-]+)( <)?/gm));
  assert.ok(options.length >= 6);
  for (const [, option, value] of options) {
    const { code, stderr } = await runTask("train", [option, ...value ? ["1"] : []], { from });
    assert.match(stderr, new RegExp(`^Cannot train with ${option}: found no FILE, need a table`));
    assert.equal(code, 2);
  }
});
