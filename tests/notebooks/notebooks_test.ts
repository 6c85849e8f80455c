/** The notebooks run, and show what the repository keeps of them. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import {
  againWhereGarbled,
  differencesInKind,
  executeNotebook,
  isGarbled,
  joined,
  type Notebook,
  readNotebook,
} from "../../lib/notebooks/notebook.ts";
import { namesIn, newFolder, readText } from "../files.ts";
import { ROOT, runTask } from "../tasks/run_task.ts";

const FOLDER = `${ROOT}notebooks`;
const NOTEBOOKS = namesIn(FOLDER).filter((name) => name.endsWith(".ipynb")).sort();

function hasJupyter(): boolean {
  try {
    return new Deno.Command("jupyter", { args: ["nbconvert", "--version"] }).outputSync().success;
  } catch {
    return false;
  }
}

const jupyter = hasJupyter();

Deno.test("there are eight notebooks, in the order in which they are to be read", () => {
  assert.deepEqual(NOTEBOOKS.map((name) => name.slice(0, 2)), [
    "1_",
    "2_",
    "3_",
    "4_",
    "5_",
    "6_",
    "7_",
    "8_",
  ]);
});

for (const name of NOTEBOOKS) {
  const path = `${FOLDER}/${name}`;

  Deno.test(`${name} is kept with what it showed, and nothing of the machine`, () => {
    const { cells } = readNotebook(path);
    assert.match(joined(cells[0].source), /^# \w/);
    const shown = cells.flatMap(({ outputs = [] }) => outputs);
    assert.ok(shown.length >= 3, "it was never executed");
    for (const { output_type: type } of shown) assert.notEqual(type, "error");
    const text = JSON.stringify(cells);
    assert.doesNotMatch(text, /file:\/\/|\/home\/|\/root\/|\/work\/|\\u001b/);
  });

  Deno.test({
    name: `${name} runs from its first cell to its last`,
    ignore: !jupyter,
    fn: async () => {
      const executed = await executeNotebook(path, Deno.execPath(), newFolder());
      assert.deepEqual(differencesInKind(readNotebook(path), readNotebook(executed)), []);
    },
  });
}

Deno.test("a notebook of another kernel is refused before anything is executed", async () => {
  const from = newFolder();
  const cells = [{ cell_type: "code", source: "1 + 1", outputs: [], metadata: {} }];
  const kinds: [metadata: object | undefined, found: RegExp][] = [
    [undefined, /found no kernel, need a notebook of the kernel "deno"$/m],
    [{}, /found no kernel, need/],
    [{ kernelspec: { name: "python3" } }, /found the kernel "python3", need a notebook of the/],
    [{ kernelspec: { name: 3 } }, /found the kernel 3, need/],
  ];
  for (const [metadata, says] of kinds) {
    const notebook = { cells, metadata, nbformat: 4, nbformat_minor: 5 };
    writeFileSync(`${from}/other.ipynb`, JSON.stringify(notebook));
    const { code, stderr } = await runTask("notebooks", ["other.ipynb"], { from });
    assert.equal(code, 2, stderr);
    assert.match(stderr, says);
    assert.equal(stderr.trimEnd().split("\n").length, 1);
  }
});

Deno.test({
  name:
    "the task executes a copy, tells what differs, and changes a notebook only if it is told to",
  ignore: !jupyter,
  fn: async () => {
    const from = newFolder();
    const kept = { output_type: "execute_result", execution_count: 1, metadata: {} };
    const notebook = (data: object) =>
      JSON.stringify({
        cells: [{
          ...{ cell_type: "code", id: "one", execution_count: 1, metadata: {}, source: "1 + 1" },
          outputs: [{ ...kept, data }],
        }],
        metadata: { kernelspec: { name: "deno", display_name: "Deno", language: "typescript" } },
        nbformat: 4,
        nbformat_minor: 5,
      });
    writeFileSync(`${from}/same.ipynb`, notebook({ "text/plain": ["another number"] }));
    writeFileSync(`${from}/other.ipynb`, notebook({ "image/svg+xml": ["<svg/>"] }));
    const before = ["same", "other"].map((name) => readText(`${from}/${name}.ipynb`));
    const { code, stdout } = await runTask("notebooks", ["same.ipynb", "other.ipynb"], { from });
    assert.equal(code, 1);
    assert.match(stdout, /^.*same\.ipynb: shows what is kept$/m);
    assert.match(stdout, /^.*other\.ipynb: cell 1: found \[.*plain\], need \[.*svg.*\]$/m);
    const after = ["same", "other"].map((name) => readText(`${from}/${name}.ipynb`));
    assert.deepEqual(after, before);
    const written = await runTask("notebooks", ["other.ipynb", "--write"], { from });
    assert.equal(written.code, 0, written.stderr);
    const [{ outputs }] = readNotebook(`${from}/other.ipynb`).cells;
    assert.equal(joined(outputs![0].data!["text/plain"] as string[]).trim(), "2");
  },
});

Deno.test({
  name: "no cell loses what it shows when the kernel is idle before it has published",
  ignore: !jupyter,
  fn: async () => {
    const folder = newFolder();
    const source = `({
      [Symbol.for("Jupyter.display")]: async () => {
        await undefined;
        return { "text/plain": "x".repeat(2e4) };
      },
    })`;
    // Deno's kernel is idle before it has published about one in 3 of these.
    const cells = Array.from({ length: 24 }, (_, c) => ({
      cell_type: "code",
      id: `cell-${c + 1}`,
      source,
      outputs: [],
      execution_count: null,
      metadata: {},
    }));
    const kernelspec = { name: "deno", display_name: "Deno", language: "typescript" };
    writeFileSync(
      `${folder}/late.ipynb`,
      JSON.stringify({ cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 }),
    );
    const executed = readNotebook(
      await executeNotebook(`${folder}/late.ipynb`, Deno.execPath(), folder),
    );
    assert.deepEqual(
      executed.cells.map(({ outputs }) =>
        outputs?.map(({ data }) => joined(data!["text/plain"] as string[]).length)
      ),
      cells.map(() => [2e4]),
    );
  },
});

Deno.test("a garbled connection is told from a cell that fails", () => {
  assert.ok(isGarbled("    raise ValueError(msg)\nValueError: Invalid Signature: b'874fd67e'"));
  assert.ok(isGarbled("RuntimeError: Timeout waiting for IOPub output"));
  assert.ok(isGarbled("nbclient.exceptions.CellTimeoutError: A cell timed out while it was being"));
  assert.ok(!isGarbled("nbclient.exceptions.CellExecutionError: TypeError: no"));
});

Deno.test("only a garbled connection is tried again, and not for ever", async () => {
  const garbled = "ValueError: Invalid Signature: b'874fd67e'";
  const executions = async (answers: (string | null)[]) => {
    let count = 0;
    const told = await againWhereGarbled(() =>
      Promise.resolve(answers[Math.min(count++, answers.length - 1)])
    );
    return { count, told };
  };
  assert.deepEqual(await executions([null]), { count: 1, told: null });
  assert.deepEqual(await executions([garbled, garbled, null]), { count: 3, told: null });
  assert.deepEqual(await executions(["TypeError: no"]), { count: 1, told: "TypeError: no" });
  assert.deepEqual(await executions([garbled]), { count: 4, told: garbled });
});

Deno.test("a cell that shows something else in kind, or fails, is told", () => {
  const shows = (...outputs: object[]) =>
    ({ cells: [{ cell_type: "code", source: "", outputs }] }) as unknown as Notebook;
  const text = { output_type: "execute_result", data: { "text/plain": "1" } };
  const picture = {
    output_type: "execute_result",
    data: { "image/svg+xml": "", "text/plain": "" },
  };
  const error = { output_type: "error", ename: "TypeError", evalue: "no" };
  assert.deepEqual(differencesInKind(shows(text), shows(text)), []);
  assert.match(differencesInKind(shows(text), shows(picture)).join(), /cell 1: found .*svg/);
  assert.match(differencesInKind(shows(text), shows(error)).join(), /TypeError: no/);
  assert.match(differencesInKind(shows(text), { cells: [] }).join(), /found 0 cells, need 1/);
});
