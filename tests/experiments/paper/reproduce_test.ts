import assert from "node:assert/strict";
import {
  type ExperimentName,
  EXPERIMENTS,
  FURTHER_EXPERIMENTS,
} from "../../../lib/experiments/paper/experiment.ts";
import { reproduce } from "../../../lib/experiments/paper/reproduce.ts";
import { isThere, namesIn, newFolder, readText, writeFile } from "../../files.ts";
import { quickRun } from "./quick_runs.ts";

/** The runs are shared: what one experiment has trained, the next one finds. */
const shared = newFolder();

const FILES: Readonly<Record<ExperimentName, readonly string[]>> = {
  table1: ["accuracy.svg", "accuracy.vl.json", "table1.csv"],
  table2: ["accuracies.csv", "table2.csv"],
  table3: ["table3.csv"],
  table4: ["scaling.svg", "scaling.vl.json", "table4.csv"],
  table5: ["table5.csv"],
  fig2: ["fig2.csv", "fig2.svg", "fig2.vl.json"],
  fig3: ["fig3.csv", "fig3.svg", "fig3.vl.json"],
  fig4: [
    ...["fig4-second-layer-alone.svg", "fig4-second-layer-alone.vl.json"],
    ...["fig4.csv", "fig4.svg", "fig4.vl.json"],
  ],
  million: ["cost.svg", "cost.vl.json", "curve.csv", "million.csv"],
};

for (const name of [...EXPERIMENTS, ...FURTHER_EXPERIMENTS]) {
  Deno.test(`${name} is done once, and reported again from its records to the byte`, async () => {
    const first = await quickRun(name, shared);
    const { folder, files, finished, needed, report } = first.reproduction;
    assert.equal(finished, needed);
    assert.ok(needed > 0);
    assert.match(report.title, /\(quick\)$/);
    const names = namesIn(folder);
    assert.deepEqual(
      names,
      [
        ...FILES[name],
        ...[`${name}.json`, `${name}.md`],
        ...["measured.jsonl", "runs.jsonl", "selection.json"],
      ].sort(),
    );
    assert.deepEqual(files.map((path) => path.slice(folder.length + 1)).sort(), names);
    const texts = () => names.map((file) => readText(`${folder}/${file}`));
    const before = texts();
    assert.match(before[names.indexOf(`${name}.md`)], /reproduces nothing/);
    assert.doesNotMatch(before[names.indexOf(`${name}.md`)], /NaN|undefined|not run|\bnull\b/);

    const second = await quickRun(name, shared);
    assert.equal(second.trained + second.measured, 0);
    assert.deepEqual(texts(), before);

    for (const file of [...FILES[name], `${name}.json`, `${name}.md`]) {
      await Deno.remove(`${folder}/${file}`);
    }
    const third = await quickRun(name, shared, {
      runs: `${shared}/no runs at all`,
      fromRecords: true,
    });
    assert.equal(third.trained + third.measured, 0);
    assert.deepEqual(texts(), before);
    assert.equal(isThere(`${shared}/no runs at all`), false);
  });
}

Deno.test("what was not run is said to be not run, and nothing is trained if so asked", async () => {
  const folder = newFolder();
  const { reproduction, trained } = await quickRun("table1", folder, {
    onlyFinished: true,
    choice: { methods: ["dense", "fd"], epsilons: [20], seeds: [1] },
  });
  assert.equal(trained, 0);
  assert.equal(reproduction.finished, 0);
  const [, , table] = reproduction.report.parts;
  assert.ok(table.kind === "table");
  // The dense figures do not depend on a run.
  assert.deepEqual(table.rows.map((row) => [row[0], row[2], row[5], row[7]]), [
    ["Single dense model, η = 0.001", "not run", "1.00x", "1.00x"],
    ["FD-TSE", "not run", "not run", "not run"],
  ]);
  assert.match(readText(`${reproduction.folder}/table1.md`), /\*\*not tested\*\*/);
});

Deno.test("a sweep that is stopped is reported as far as it is, and goes on", async () => {
  const folder = newFolder();
  const stopper = new AbortController();
  let ended = 0;
  const [stopped] = await reproduce("table3", {
    runs: `${folder}/runs`,
    out: `${folder}/results`,
    quick: true,
    signal: stopper.signal,
    onEvent(event) {
      if (event.type === "sweep" && event.event.type === "end" && ++ended === 2) stopper.abort();
    },
  });
  assert.equal(stopped.finished, 2);
  assert.equal(stopped.needed, 18);
  const rest = await quickRun("table3", folder);
  assert.equal(rest.trained, 16);
  assert.equal(rest.reproduction.finished, 18);
});

Deno.test("records are added to without the folders of their runs", async () => {
  const folder = newFolder();
  const choice = { epsilons: [20], seeds: [1] };
  const first = await quickRun("table3", folder, { choice });
  const more = await quickRun("table3", folder, {
    choice: { ...choice, seeds: [1, 2] },
    runs: `${folder}/others`,
    addToRecords: true,
  });
  assert.equal(more.trained, 6);
  assert.equal(more.reproduction.finished, 12);
  const lines = readText(`${first.reproduction.folder}/runs.jsonl`).trim().split("\n");
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).config.seed),
    Array.from({ length: 6 }, () => [1, 2]).flat(),
  );
});

Deno.test("records that are added to keep their bytes, also those of fewer settings", async () => {
  const folder = newFolder();
  const choice = { epsilons: [20], seeds: [1] };
  const { reproduction } = await quickRun("table3", folder, { choice });
  const path = `${reproduction.folder}/runs.jsonl`;
  const older = readText(path).replaceAll(`"missingTarget":"error",`, "");
  assert.notEqual(older, readText(path));
  writeFile(path, older);
  const more = { ...choice, seeds: [1, 2] };
  const { trained } = await quickRun("table3", folder, { choice: more, addToRecords: true });
  assert.equal(trained, 6);
  const lines = readText(path).split("\n");
  assert.equal(lines.length, 12 + 1);
  assert.deepEqual(
    lines.filter((line) => JSON.parse(line || "{}").config?.seed === 1),
    older.trim().split("\n"),
  );
});

Deno.test("a measurement that the records lack is made of a run that they have", async () => {
  const folder = newFolder();
  const choice = { epsilons: [20], methods: ["fd"] } as const;
  const first = await quickRun("table5", folder, { choice });
  assert.equal(first.measured, 3);
  const lines = `${first.reproduction.folder}/measured.jsonl`;
  writeFile(lines, readText(lines).split("\n").slice(1).join("\n"));
  await Deno.remove(`${folder}/runs/measured`, { recursive: true });
  const again = await quickRun("table5", folder, { choice, addToRecords: true });
  assert.deepEqual([again.trained, again.measured, again.reproduction.finished], [0, 1, 6]);
});

Deno.test("a measurement that is stopped keeps what is done", async () => {
  const folder = newFolder();
  const stopper = new AbortController();
  const [stopped] = await reproduce("fig4", {
    runs: `${folder}/runs`,
    out: `${folder}/results`,
    quick: true,
    signal: stopper.signal,
    onEvent(event) {
      if (event.type === "measure" && event.what.startsWith("RD-TSE, network 2")) stopper.abort();
    },
  });
  // 6 runs, 3 rows of EDST_RG and one of RD-TSE.
  assert.equal(stopped.finished, 6 + 4);
  const rest = await quickRun("fig4", folder);
  assert.equal(rest.trained, 0);
  assert.equal(rest.measured, 12 - 4);
});

Deno.test("a choice that does not fit is refused before anything is done", async () => {
  const folder = newFolder();
  const refused = (name: ExperimentName, choice: object, message: RegExp) =>
    assert.rejects(() => quickRun(name, folder, { choice }), message);
  await refused(
    "table4",
    { datasets: ["segment"] },
    /^TypeError: Cannot choose datasets for table4/,
  );
  await refused("table1", { datasets: ["gesture"] }, /^RangeError: Cannot find a data set: found/);
  await refused("table3", { methods: ["set"] }, /^RangeError: Cannot choose methods for table3/);
  await refused("table1", { seeds: [] }, /^RangeError: Cannot choose seeds for table1: found none/);
  await refused("table1", { seeds: [0.5] }, /found 0\.5, need whole numbers from 0/);
  await refused("table2", { epsilons: [-1] }, /found -1, need numbers above 0/);
  await refused("table5", { seeds: [1, 2] }, /found 1, 2, need one/);
  assert.deepEqual(namesIn(folder), []);
});
