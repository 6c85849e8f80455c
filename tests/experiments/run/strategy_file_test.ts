import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { loadStrategy, strategyFile } from "../../../lib/experiments/run/strategy_file.ts";
import { newFolder, writeFile } from "../../files.ts";

const MINE = `{ name: "mine", update: () => [] }`;

Deno.test("a strategy is the default export, the only one, or the one that is named", async () => {
  const path = `${newFolder()}/mine.ts`;
  const load = async (text: string, name = "") => {
    writeFile(path, text);
    return (await loadStrategy(strategyFile(path + name))).name;
  };
  assert.equal(
    await load(`export default ${MINE}; export const other = { name: "other" };`),
    "mine",
  );
  assert.equal(await load(`export const x: object = ${MINE}; export const y = 7;`), "mine");
  assert.equal(await load(`export const a = ${MINE}, b = { ...a, name: "b" };`, "#b"), "b");
  const changes = `{ prune: () => new Int32Array(0), grow: () => ({}) }`;
  assert.equal(await load(`export default { name: "c", reinitialize: ${changes} };`), "c");
  // The same path with another content is another module.
  assert.equal(await load(`export default { ...${MINE}, name: "again" };`), "again");
});

Deno.test("a file is known by its path and its bytes, also where # is in its name", () => {
  const folder = newFolder();
  writeFile(`${folder}/C#.ts`, "");
  const sha256 = createHash("sha256").digest("hex");
  assert.deepEqual(strategyFile(`${folder}/C#.ts`), { path: `${folder}/C#.ts`, sha256 });
  const named = { path: `${folder}/C#.ts`, sha256, export: "x" };
  assert.deepEqual(strategyFile(`${folder}/C#.ts#x`), named);
});

const unusable: [what: string, text: string, says: string, name?: string][] = [
  [
    "a syntax error",
    "\nexport default {\n  name: ;\n};",
    "SyntaxError: Expression expected (line 3)",
  ],
  ["an import of nothing", 'import "./none.ts";', 'Module not found "'],
  ["an error", "\n\nthrow new Error('at\\nonce');", "Error: at (line 3)"],
  ["something thrown", "throw 'away';", 'it threw "away" as it was loaded'],
  ["no export", "", "found no strategy among its exports, need an object with a name"],
  [
    "a function",
    "export default () => 7;",
    'its export "default" is no strategy: found a function',
  ],
  ["no name", "export default { update() {} };", "found the name nothing, need a text"],
  [
    "a name of a million letters",
    `export default { ...${MINE}, name: "n".repeat(1e6) };`,
    'found the name "nnn',
  ],
  [
    "a part that throws",
    'export default { name: "x", get update() { throw new Error("not\\nnow"); } };',
    "it failed as it was looked at: not\\u000anow",
  ],
  [
    "no update",
    'export const x = { name: "x" };',
    "found no update, need update, reinitialize, ini",
  ],
  [
    "half a change",
    'export const x = { name: "x", update: { prune() {} } };',
    "found {} as update",
  ],
  ["a wrong begin", `export const x = { ...${MINE}, begin: 7 };`, "found 7 as begin, need a func"],
  ["two", `export const a = ${MINE}, b = a;`, 'found the strategies "a", "b", need one, such as "'],
  ["no such export", `export const mine = ${MINE};`, 'need "mime"; did you mean "mine"?', "mime"],
];
for (const [what, text, says, name] of unusable) {
  Deno.test(`a strategy's file with ${what} is refused in one sentence`, async () => {
    const path = `${newFolder()}/mine.ts`;
    writeFile(path, text);
    const file = strategyFile(name === undefined ? path : `${path}#${name}`);
    await assert.rejects(loadStrategy(file), ({ name, message }: Error) => {
      assert.equal(name, "StrategyError");
      assert.ok(message.startsWith(`Cannot use the strategy "${path}": `), message);
      assert.ok(message.includes(says) && !message.includes("\n"), message);
      return true;
    });
  });
}

Deno.test("a strategy's file that has changed or is gone is refused", async () => {
  const path = `${newFolder()}/mine.ts`;
  writeFile(path, `export default ${MINE};`);
  const file = strategyFile(path);
  writeFile(path, `export default ${MINE}; `);
  const { sha256 } = strategyFile(path);
  await assert.rejects(loadStrategy(file), {
    message: `Cannot use the strategy "${path}": the file has changed: ` +
      `found SHA-256 ${sha256}, need ${file.sha256}`,
  });
  await Deno.remove(path);
  await assert.rejects(loadStrategy(file), {
    message: `Cannot use the strategy "${path}": there is no such file or folder`,
  });
});

Deno.test("the loading of a strategy that never ends can be stopped", async () => {
  const path = `${newFolder()}/never.mjs`;
  const stopper = new AbortController();
  const doors = Object.assign(globalThis, { stopLoading: () => stopper.abort(), endLoading() {} });
  writeFile(path, "await new Promise((end) => { globalThis.endLoading = end; stopLoading(); });");
  const stopped = assert.rejects(loadStrategy(strategyFile(path), stopper.signal), {
    name: "StrategyError",
    message: /^Cannot use the strategy ".*never.mjs": asked to stop while it was still loaded /,
  });
  await stopped.finally(() => doors.endLoading());
});
