import assert from "node:assert/strict";
import { completeConfig } from "../../../lib/experiments/run/run_config.ts";
import {
  appendEvents,
  createRunFolder,
  discardRun,
  dropEventsAfter,
  finishRunFolder,
  isFinished,
  readCheckpoint,
  readConfig,
  readJson,
  removeEmptyFolder,
  runFiles,
  writeCheckpoint,
} from "../../../lib/experiments/run/run_folder.ts";
import type { DiskChange } from "../../../lib/files/mod.ts";
import type { RunRecord } from "../../../lib/experiments/run/run_record.ts";
import { isThere, namesIn, newFolder, readText, writeFile } from "../../files.ts";

const config = completeConfig({ file: "table.csv", target: "class", seed: 3 });

Deno.test("createRunFolder writes the configuration, and once only", () => {
  const folder = `${newFolder()}/runs/first`;
  const files = createRunFolder(folder, config, 1000);
  assert.deepEqual(namesIn(folder), ["config.json", "events.jsonl"]);
  assert.deepEqual(readConfig(files.config), config);
  assert.equal(readText(files.events), "");
  assert.equal(isFinished(files), false);
  assert.equal(readCheckpoint(files), null);
  assert.throws(() => createRunFolder(folder, { ...config, seed: 4 }, 1000), {
    message: `Cannot begin a run in "${folder}": found "config.json", the file of another run, ` +
      `need a folder without one (--out), or a run that was stopped (--resume)`,
  });
  assert.equal(readConfig(files.config).seed, 3);

  discardRun(files);
  assert.deepEqual(namesIn(folder), []);
  for (const name of ["model.safetensors", "record.json"]) {
    writeFile(`${folder}/${name}`, "");
    assert.throws(() => createRunFolder(folder, config, 1000), new RegExp(`found "${name}"`));
    Deno.removeSync(`${folder}/${name}`);
  }
  // Anything else may be there already.
  writeFile(`${folder}/notes.txt`, "mine");
  createRunFolder(folder, config, 1000);
  removeEmptyFolder(folder);
  assert.deepEqual(namesIn(folder), ["config.json", "events.jsonl", "notes.txt"]);
  removeEmptyFolder(`${folder}/..`);
  assert.ok(isThere(folder));
});

Deno.test("dropEventsAfter leaves what the checkpoint knows: no cut line, no event told twice", () => {
  const folder = newFolder();
  const files = runFiles(folder);
  const epoch = (n: number) => ({ type: "epoch", epoch: n });
  appendEvents(files, 10, [epoch(1), { type: "topology", epoch: 1 }]);
  appendEvents(files, 20, [epoch(2)]);
  appendEvents(files, 20, [{ type: "rollback", epoch: 3 }]);
  appendEvents(files, 30, [epoch(3)]);
  appendEvents(files, 30, [{ type: "rollback", epoch: 4 }]);
  appendEvents(files, 40, [epoch(4)]);
  const all = readText(files.events);
  const told = (step: number, rollbacks: number): string[] => {
    writeFile(files.events, `${all}{"step":41,"type":"ep`);
    dropEventsAfter(files, step, rollbacks);
    const text = readText(files.events);
    assert.ok(all.startsWith(text) || rollbacks < 2);
    return text.split("\n").slice(0, -1).map((line) => {
      const { step, type } = JSON.parse(line);
      return `${type} ${step}`;
    });
  };
  assert.deepEqual(told(0, 0), []);
  assert.deepEqual(told(10, 0), ["epoch 10", "topology 10"]);
  assert.deepEqual(told(20, 0), ["epoch 10", "topology 10", "epoch 20"]);
  assert.deepEqual(told(20, 1), ["epoch 10", "topology 10", "epoch 20", "rollback 20"]);
  const three = ["epoch 10", "topology 10", "epoch 20", "rollback 20", "epoch 30"];
  assert.deepEqual(told(30, 1), three);
  assert.deepEqual(told(30, 2), [...three, "rollback 30"]);
  assert.deepEqual(told(40, 2), [...three, "rollback 30", "epoch 40"]);
  Deno.removeSync(files.events);
  dropEventsAfter(files, 10, 0);
  assert.equal(readText(files.events), "");
});

Deno.test("dropEventsAfter counts steps from the last rollback that the checkpoint knows", () => {
  const files = runFiles(newFolder());
  const attempt = (step: number) => appendEvents(files, step, [{ type: "epoch" }]);
  const back = () => appendEvents(files, 0, [{ type: "rollback", epoch: 3 }]);
  for (const steps of [[9, 18], [9, 18, 27], [9, 18]]) {
    if (isThere(files.events)) back();
    steps.forEach(attempt);
  }
  const all = readText(files.events);
  const left = (step: number, rollbacks: number): string => {
    writeFile(files.events, all);
    dropEventsAfter(files, step, rollbacks);
    return readText(files.events).split("\n").slice(0, -1)
      .map((line) => JSON.parse(line)).map(({ type, step }) => type === "epoch" ? step : "back")
      .join(" ");
  };
  assert.equal(left(18, 0), "9 18");
  assert.equal(left(9, 0), "9");
  assert.equal(left(0, 1), "9 18 back");
  assert.equal(left(18, 1), "9 18 back 9 18");
  assert.equal(left(9, 2), "9 18 back 9 18 27 back 9");
});

Deno.test("appendEvents says why events cannot be written", () => {
  const files = runFiles(newFolder());
  Deno.mkdirSync(files.events);
  assert.throws(() => appendEvents(files, 1, [{ type: "epoch" }]), {
    message: `Cannot write "${files.events}": there is a folder of that name`,
  });
});

Deno.test("readJson says what is wrong with a file", () => {
  const folder = newFolder();
  const path = `${folder}/config.json`;
  assert.throws(() => readJson(path), {
    message: `Cannot read "${path}": there is no such file or folder`,
  });
  assert.throws(() => readJson(folder), { message: /there is a folder of that name/ });
  writeFile(path, '{"epochs": 3,}');
  assert.throws(() => readJson(path), {
    name: "SyntaxError",
    message: new RegExp(`^Cannot read "${path}": .*JSON`),
  });
  for (const text of ["[]", "null", "3", '"x"']) {
    writeFile(path, text);
    assert.throws(() => readJson(path), {
      name: "SyntaxError",
      message: `Cannot read "${path}": found no JSON object, need one`,
    });
  }
  writeFile(path, '{"epochs": 3}');
  assert.deepEqual(readJson(path), { epochs: 3 });
});

Deno.test("events are on the disk before the checkpoint and the record that rely on them", () => {
  const told: string[] = [];
  const watch = (change: DiskChange) => {
    told.push(`${change.kind} ${change.kind === "rename" ? change.to : change.path}`);
  };
  const parent = newFolder();
  const files = createRunFolder(`${parent}/run`, config, 1000, watch);
  assert.equal(told[0], `flush ${parent}`);
  assert.ok(told.includes(`rename ${files.config}`), told.join());
  appendEvents(files, 1, [{ type: "epoch" }]);
  for (
    const [save, path] of [
      [() => writeCheckpoint(files, { tensors: new Map(), metadata: {} }), files.checkpoint],
      [() => finishRunFolder(files, {} as RunRecord), files.record],
    ] as const
  ) {
    told.length = 0;
    save();
    assert.equal(told[0], `flush ${files.events}`);
    assert.ok(told.includes(`rename ${path}`), told.join());
  }
  assert.equal(readText(files.events), '{"step":1,"type":"epoch"}\n');
  // Events that someone has removed are not made anew.
  Deno.removeSync(files.events);
  writeCheckpoint(files, { tensors: new Map(), metadata: {} });
  assert.ok(!isThere(files.events));
});

Deno.test("JSON is read as editors of Windows write it, and UTF-16 is named", () => {
  const path = `${newFolder()}/study.json`;
  writeFile(path, '\uFEFF{\r\n  "method": "set"\r\n}\r\n');
  assert.deepEqual(readJson(path), { method: "set" });
  const wide = new Uint8Array(Uint16Array.from("\uFEFF{}", (unit) => unit.charCodeAt(0)).buffer);
  writeFile(path, wide);
  assert.throws(() => readJson(path), {
    name: "SyntaxError",
    message: `Cannot read "${path}": found UTF-16 text, need UTF-8`,
  });
});
