import assert from "node:assert/strict";
import { METHOD_TABLE } from "../../lib/methods/mod.ts";
import { runTask } from "./run_task.ts";

Deno.test("methods lists every method once, under its family", async () => {
  const { code, stdout } = await runTask("methods", []);
  assert.equal(code, 0);
  const families = stdout.split("\n\n").slice(0, -1);
  const found = families.flatMap((text) => {
    const [, family] = /^([a-z ]+): /.exec(text)!;
    return Array.from(text.matchAll(/^│ ([a-z-]+) +│/gm), ([, name]) => [name, family]);
  }).filter(([name]) => name !== "--method");
  const expected = METHOD_TABLE.map(({ name, family }) => [name, family]);
  const byName = (rows: string[][]) => rows.map((row) => row.join()).sort();
  assert.deepEqual(byName(found), byName(expected));
  assert.match(stdout, /Sources, costs, memory and settings of one: deno task methods NAME\n$/);
});

Deno.test("methods tells all of those that are named, and of all as JSON", async () => {
  const { stdout } = await runTask("methods", ["srigl", "snip"]);
  assert.match(stdout, /^SRigL \(--method srigl\), sparse to sparse$/m);
  assert.match(stdout, /^Memory: dense until the first step$/m);
  assert.match(stdout, /^Source: M\. Lasby .*https:\/\/arxiv\.org\/abs\/2305\.02299$/m);
  assert.match(stdout, /│ --salient-share +│ γ of SRigL: .* │ 0\.3 +│/);
  assert.doesNotMatch(stdout, /`/);
  const { stdout: json } = await runTask("methods", ["--json"]);
  const { methods } = JSON.parse(json);
  assert.deepEqual(
    methods.map(({ name }: { name: string }) => name),
    METHOD_TABLE.map(({ name }) => name),
  );
  for (const { source, costs, memory } of methods) {
    assert.match(source, /https:\/\/\S+$/);
    assert.ok(costs.length > 0 && memory.length > 0);
  }
});

Deno.test("methods names the nearest method where there is none of a name", async () => {
  const { code, stderr } = await runTask("methods", ["rgl"]);
  assert.deepEqual([code, stderr.trim()], [
    2,
    'Cannot tell of "rgl": there is no method of this name; did you mean "rigl"?',
  ]);
});
