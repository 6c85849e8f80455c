/** Files that once were too much for a task, and a few new ones; `deno task soak --only changes` has more. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { randomStream } from "../../lib/random.ts";
import { newFolder, writeFile } from "../files.ts";
import { tinyTable } from "../tasks/tiny_run.ts";
import { ROOT } from "../tasks/run_task.ts";
import corpus from "./corpus.json" with { type: "json" };
import { changed, jsonText, type Recipe, type Value } from "./document.ts";
import { drawChanges } from "./draw_changes.ts";
import { openFuzzer } from "./fuzz.ts";
import { faultOf } from "./judge.ts";
import { startTaskProcess } from "./task_process.ts";

Deno.test("no file of the corpus is too much for the tasks, nor is a new one", async () => {
  const folder = newFolder();
  const fuzzer = await openFuzzer(folder, Deno.execPath());
  const recipes: Recipe[] = corpus as unknown as Recipe[];
  const intact = fuzzer.kinds.map(({ name }): Recipe => ({ kind: name, changes: [] }));
  const drawn = fuzzer.kinds.map(({ name, document }): Recipe => ({
    kind: name,
    changes: drawChanges(document, randomStream(1, "test", name)),
  }));
  for (const recipe of [...intact, ...recipes, ...drawn]) {
    const found = await fuzzer.tryRecipe(recipe);
    assert.deepEqual(found?.faults ?? [], [], JSON.stringify(recipe));
    if (!intact.includes(recipe)) continue;
    // Intact files go through, or the changed ones would show nothing. Categories cannot be balanced.
    const codes = found!.outcomes.map((outcome) => "code" in outcome ? outcome.code : outcome);
    assert.ok(codes.slice(0, 3).every((code) => code === 0), `${recipe.kind}: ${codes}`);
  }
  for (const recipe of recipes) {
    assert.ok(fuzzer.kinds.some(({ name }) => name === recipe.kind), recipe.kind);
  }
  await fuzzer.close();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a process that ends within a task is told as a crash", async () => {
  const process = startTaskProcess(newFolder(), Deno.execPath());
  const outcome = await process.call({ task: "no_such_task", args: [] });
  assert.match(faultOf(outcome)!, /^crash \(exit 1: /);
  assert.equal(process.isOver, true);
  await process.close();
});

Deno.test("a process ends with the one that started it, even within a task that never does", async () => {
  const folder = newFolder();
  writeFile(`${folder}/table.csv`, tinyTable());
  writeFile(`${folder}/endless.mjs`, "for (;;) {}");
  const program = fileURLToPath(new URL("abandoned_process.ts", import.meta.url));
  const args = ["run", "--no-prompt", "--quiet", "--allow-read", `--allow-run=${Deno.execPath()}`];
  const parent = new Deno.Command(Deno.execPath(), {
    args: [...args, program, folder],
    cwd: ROOT,
    stdout: "piped",
  }).spawn();
  const { value } = await parent.stdout.pipeThrough(new TextDecoderStream()).getReader().read();
  const pid = Number(value);
  assert.ok(pid > 1 && isRunning(pid), value);
  parent.kill("SIGKILL");
  await parent.status;
  while (isRunning(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
  await Deno.remove(folder, { recursive: true });
});

function isRunning(pid: number): boolean {
  const args = ["-c", `kill -0 ${pid} && ! grep -q '^State:.Z' /proc/${pid}/status`];
  return new Deno.Command("sh", { args, stderr: "null" }).outputSync().success;
}

Deno.test("faultOf tells what must not come of a file", () => {
  const ended = (code: number, stderr: string, stdout = "") => ({ code, stdout, stderr });
  for (
    const [outcome, fault] of [
      [ended(0, "", "Accuracy 0.5\n"), null],
      [ended(2, 'Cannot read "a": found nothing, need a table\n'), null],
      [ended(2, "TypeError: x is not iterable (--debug shows where)\n"), /^an engine's error/],
      [ended(1, 'Cannot read properties of undefined (reading "x")\n'), /^an engine's error/],
      [ended(2, "Cannot read it\n    at load (file:///x.ts:3:4)\n"), /^an engine's error/],
      [ended(1, "\n"), /^no sentence/],
      [ended(134, ""), /^exit 134/],
      [ended(2, `Cannot read ${"x".repeat(3000)}\n`), /^a message of 3012 letters/],
      [ended(0, "", "class \u001b[31mred\n"), /^a control character/],
      [ended(0, "", "loss NaN\n"), /^NaN without a word/],
      [ended(0, "2 outputs are not finite\n", "loss NaN\n"), null],
      [ended(1, 'NotCapable: Requires write access to "/x"\n'), /^a file outside of the folder/],
      [{ crash: "SIGSEGV: " }, /^crash/],
      [{ limit: "time", bytes: 1, seconds: 21 } as const, /^hang: 21 seconds/],
      [{ limit: "memory", bytes: 3e9, seconds: 1 } as const, /^memory: 3000000000 bytes/],
    ] as const
  ) {
    const found = faultOf(outcome);
    if (fault === null) assert.equal(found, null);
    else assert.match(found ?? "nothing", fault);
  }
});

Deno.test("changes are made one after the other, and what is gone is passed over", () => {
  const document: Value = { a: [1, 2, 3], b: { c: "x" } };
  const made = (...changes: Recipe["changes"]) => jsonText(changed(document, changes));
  assert.equal(
    made({ set: ["a", 1], value: { $raw: "1e999" } }),
    '{"a":[1,1e999,3],"b":{"c":"x"}}',
  );
  assert.equal(made({ remove: ["b"] }, { set: ["b", "c"], value: 1 }), '{"a":[1,2,3]}');
  assert.equal(made({ rename: ["b", "c"], to: "d", times: 3 }), '{"a":[1,2,3],"b":{"ddd":"x"}}');
  assert.equal(made({ copy: ["a", 0], from: ["b"] }), '{"a":[{"c":"x"},2,3],"b":{"c":"x"}}');
  assert.equal(made({ repeat: ["a", 1], times: 3 }), '{"a":[1,2,2,2,3],"b":{"c":"x"}}');
  assert.equal(made({ repeat: ["b", "c"], times: 2 }), '{"a":[1,2,3],"b":{"c":"xx"}}');
  assert.equal(
    made({ set: ["b", "__proto__"], value: 1 }),
    '{"a":[1,2,3],"b":{"c":"x","__proto__":1}}',
  );
  assert.equal(made({ set: ["a"], value: { $nested: 2 } }), '{"a":[[]],"b":{"c":"x"}}');
  assert.deepEqual(document, { a: [1, 2, 3], b: { c: "x" } });
});
