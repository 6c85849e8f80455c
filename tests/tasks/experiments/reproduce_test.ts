import assert from "node:assert/strict";
import { isThere, namesIn, newFolder, readJsonFile, readText } from "../../files.ts";
import { runTask, taskProcess } from "../run_task.ts";

/** Waits for something that a process does: for far longer than it takes on a loaded machine. */
async function until(what: string, happens: () => boolean): Promise<void> {
  const deadline = performance.now() + 600_000;
  while (!happens()) {
    assert.ok(performance.now() < deadline, `waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The runs of a folder that are finished. */
function finishedRuns(folder: string): string[] {
  if (!isThere(folder)) return [];
  return namesIn(folder).filter((name) =>
    !name.startsWith(".") && isThere(`${folder}/${name}/record.json`)
  );
}

const OPTIONS = ["table3", "--quick", "--workers", "2"];

Deno.test("reproduce prints ours beside the paper, and again from the records alone", async () => {
  const from = newFolder();
  const options = [
    "table1",
    "--quick",
    "--methods",
    "edst,fd",
    "--epsilon",
    "20",
    "--seeds",
    "1,2",
  ];
  const first = await runTask("reproduce", options, { from });
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stdout, /^\nTable 1: all models on segment \(built-in\) \(quick\)\n/);
  assert.match(first.stdout, /reproduces nothing/);
  assert.match(first.stdout, /│ FD-TSE +│ 0\.95 \(ε = 20\) │ \d\d\.\d ± \d+\.\d \(2\) +│/);
  assert.match(first.stdout, /\n- FD-TSE is more accurate than EDST_RG, all ε together: /);
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(first.stdout + first.stderr, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  const folder = `${from}/results/table1-quick/segment`;
  assert.match(readText(`${folder}/table1.md`), /^# Table 1: .*\(quick\)$/m);

  await Deno.remove(`${from}/runs`, { recursive: true });
  const again = await runTask("reproduce", [...options, "--from-records"], { from });
  assert.equal(again.code, 0, again.stderr);
  assert.equal(again.stdout, first.stdout);

  const more = [...options.slice(0, -1), "1,2,3"];
  const added = await runTask("reproduce", [...more, "--add-to-records"], { from });
  assert.equal(added.code, 0, added.stderr);
  assert.equal(finishedRuns(`${from}/runs/reproduce`).length, 3);

  const json = await runTask("reproduce", [...options, "--from-records", "--json"], { from });
  const [{ name, tables, findings, finished, needed }] = JSON.parse(json.stdout);
  assert.equal(name, "table1");
  assert.equal(tables.table1.length, 3);
  assert.equal(findings.length, 3);
  assert.deepEqual([finished, needed], [9, 9]);
});

for (const signal of ["SIGINT", "SIGKILL"] as const) {
  Deno.test(`reproduce goes on after ${signal} with the rest only`, async () => {
    const from = newFolder();
    const runs = `${from}/runs/reproduce`;
    const process = taskProcess("reproduce", OPTIONS, { from }).spawn();
    await until("the first runs", () => finishedRuns(runs).length >= 2);
    process.kill(signal);
    const { code, stderr } = await process.output();
    const text = new TextDecoder().decode(stderr);
    if (signal === "SIGINT") {
      assert.equal(code, 130);
      assert.match(text, /Stopped\. Go on with: deno task .*reproduce .*\n$/);
    }
    const before = finishedRuns(runs);
    assert.ok(before.length < 18, "it was stopped too late to tell anything");
    const times = before.map((name) => Deno.statSync(`${runs}/${name}/record.json`).mtime);

    const rest = await runTask("reproduce", OPTIONS, { from });
    assert.equal(rest.code, 0, rest.stderr);
    // Those workers that the kill left behind may have finished theirs.
    const done = Number(/18 runs: (\d+) finished before/.exec(rest.stderr)?.[1]);
    assert.ok(done >= before.length && done < 18);
    assert.equal(finishedRuns(runs).length, 18);
    assert.deepEqual(
      before.map((name) => Deno.statSync(`${runs}/${name}/record.json`).mtime),
      times,
    );
    const { tables } = readJsonFile(`${from}/results/table3-quick/segment/table3.json`);
    assert.deepEqual(tables.table3.map((row: { runs: number }) => row.runs), [3, 3, 3, 3, 3, 3]);
  });
}

Deno.test("reproduce reports what is finished, and ends badly where something is missing", async () => {
  const from = newFolder();
  const empty = await runTask("reproduce", [...OPTIONS, "--only-finished"], { from });
  assert.equal(empty.code, 0, empty.stderr);
  assert.match(empty.stdout, /│ not run/);
  assert.match(empty.stdout, /\n0 of 18 runs and measurements are finished/);
  const unknown = await runTask("reproduce", ["table1", "--dataset", "nothing"], { from });
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /^Cannot find a data set: found "nothing", need one of /);
  const records = await runTask("reproduce", ["table4", "--quick", "--from-records"], { from });
  assert.equal(records.code, 2);
  assert.match(records.stderr, /^table4\nCannot read ".*selection\.json": /);
  const option = await runTask("reproduce", ["fig2", "--quick", "--seeds", "1,2"], { from });
  assert.equal(option.code, 2);
  assert.match(option.stderr, /^Cannot choose seeds for fig2: found 1, 2, need one\n$/);
});

Deno.test("reproduce says that data are missing before it begins anything", async () => {
  const from = newFolder();
  for (const name of ["table1", "table5", "fig2", "fig3", "fig4"]) {
    const env = { SPARSEMBLE_DATA: `${from}/nowhere` };
    const { code, stdout, stderr } = await runTask("reproduce", [name], { from, env });
    assert.match(stderr, /Cannot carry out \w+ on [\w-]+.*: there is no file ".*\/nowhere\//);
    assert.doesNotMatch(stderr, /…$/m);
    assert.equal(stdout, "");
    assert.equal(code, 1);
    assert.deepEqual(namesIn(from), []);
  }
});
