import assert from "node:assert/strict";
import { load } from "../../../lib/model/model_file.ts";
import { METHODS } from "../../../lib/methods/mod.ts";
import { defaultSettings } from "../../../lib/settings/mod.ts";
import { wilsonInterval } from "../../../lib/statistics/mod.ts";
import { namesIn, newFolder, readBytes, readJsonFile, readText, writeFile } from "../../files.ts";
import { runTask } from "../run_task.ts";
import { folderWithTable, tinyOptions, tinyTable } from "../tiny_run.ts";

const TABLE = ["table.csv", "--target", "class"];

Deno.test("train --json prints one object with everything about the run", async () => {
  const from = folderWithTable();
  const args = [...TABLE, ...tinyOptions(), "--seed", "7", "--out", "run", "--json"];
  const { code, stdout, stderr } = await runTask("train", args, { from });
  assert.equal(code, 0, stderr);
  assert.equal(stdout.trimEnd().split("\n").length, 1);
  const result = JSON.parse(stdout);

  assert.equal(result.seed, 7);
  assert.equal(result.kernels, "wasm");
  assert.equal(result.testRows, 48);
  assert.equal(result.model, `${from}/run/model.safetensors`);
  assert.equal(result.run, `${from}/run`);
  assert.deepEqual(result.droppedColumns, []);
  const isShare = (share: number) => share > 0 && share <= 1;
  assert.ok(isShare(result.accuracy), `${result.accuracy}`);
  // A share of 48 rows is a number of 48ths.
  assert.ok(Math.abs(result.accuracy * 48 - Math.round(result.accuracy * 48)) < 1e-9);
  assert.ok(result.peakMemoryBytes > 1e7 && result.peakMemoryBytes < 1e9);
  for (const name of ["train", "evaluate", "total"]) {
    assert.ok(result.seconds[name] > 0 && result.seconds[name] < 600, name);
  }
  assert.ok(result.seconds.total >= result.seconds.train);

  const { members } = load(result.model);
  const nnz = members.map(({ layers }) =>
    layers.reduce((sum, layer) => {
      return sum + (layer.kind === "sparse" ? layer.indices.length : layer.weights.length);
    }, 0)
  );
  assert.equal(result.members.length, 2);
  for (const [m, member] of result.members.entries()) {
    assert.ok(isShare(member.accuracy) && isShare(member.validationAccuracy), `member ${m}`);
    assert.equal(member.epoch, members[m].epoch);
    assert.equal(member.nnz, nnz[m]);
  }
  assert.equal(result.weights, nnz[0] + nnz[1]);
  const possible = 2 * (4 * 24 + 24 * 24 + 24 * 2);
  assert.ok(Math.abs(result.density - result.weights / possible) < 1e-12);
  assert.ok(result.density < 0.6);
  const { counted, phases } = result.flops;
  assert.equal(counted, Object.values(phases as number[]).reduce((sum, n) => sum + n, 0));
  // 8 epochs of 9 batches of 16 rows, 2 operations per weight and row, forward.
  assert.ok(phases.forward > 0.9 * 8 * 9 * 16 * 2 * nnz[0], `${phases.forward}`);

  assert.match(stderr, /154 rows to train on, 38 to validate, 48 to test/);
  assert.match(stderr, /epoch 8\/8/);
  assert.match(stderr, /Member 2 is complete/);
});

Deno.test("train leaves a folder from which the run can be told, used and repeated", async () => {
  const from = folderWithTable();
  const args = [...TABLE, ...tinyOptions(), "--out", "first"];
  const first = await runTask("train", args, { from });
  assert.equal(first.code, 0, first.stderr);
  const { accuracy: found } = readJsonFile(`${from}/first/record.json`);
  const { low, high } = wilsonInterval(Math.round(48 * found), 48);
  const [share, ...ends] = [found, low, high].map((share) => (100 * share).toFixed(2));
  assert.ok(first.stdout.includes(`│ ${share} % [${ends.join(", ")}] │`), first.stdout);
  assert.match(first.stdout, /deno task .*predict .*first\/model\.safetensors FILE/);
  const names = ["config.json", "events.jsonl", "model.safetensors", "record.json"];
  assert.deepEqual(namesIn(`${from}/first`), names);

  const config = readJsonFile(`${from}/first/config.json`);
  assert.equal(config.file, `${from}/table.csv`);
  assert.equal(config.target, "class");
  assert.deepEqual(config.hidden, [24, 24]);
  assert.equal(config.learningRate, 0.1);
  const events = readText(`${from}/first/events.jsonl`).trimEnd().split("\n")
    .map((line) => JSON.parse(line));
  const epochs = events.filter(({ type }) => type === "epoch");
  assert.deepEqual(epochs.map(({ epoch }) => epoch), [1, 2, 3, 4, 5, 6, 7, 8]);
  assert.deepEqual(epochs.map(({ step }) => step), epochs.map(({ epoch }) => 9 * epoch));
  assert.equal(events.filter(({ type }) => type === "member").length, 2);
  assert.ok(events.some(({ type, kind }) => type === "topology" && kind === "reinitialize"));

  const again = ["--config", "first/config.json", "--out", "again", "--json"];
  const second = await runTask("train", again, { from });
  assert.equal(second.code, 0, second.stderr);
  const model = readBytes(`${from}/first/model.safetensors`);
  assert.deepEqual(readBytes(`${from}/again/model.safetensors`), model);
  const record = readJsonFile(`${from}/first/record.json`);
  const { accuracy, members, weights, density, flops } = JSON.parse(second.stdout);
  assert.deepEqual({ accuracy, members, weights, density, flops: exact(flops) }, {
    accuracy: record.accuracy,
    members: record.members,
    weights: record.weights,
    density: record.density,
    flops: exact(record.flops),
  });

  // An option beside the file wins, and another seed is another model.
  const other = await runTask("train", [...again.slice(0, 3), "other", "--seed", "2"], { from });
  assert.equal(other.code, 0, other.stderr);
  assert.notDeepEqual(readBytes(`${from}/other/model.safetensors`), model);
  assert.equal(readJsonFile(`${from}/other/config.json`).seed, 2);
});

/** The counts without what depends on the clock and the processor. */
function exact({ counted, phases, members }: Record<string, unknown>): Record<string, unknown> {
  assert.ok(typeof counted === "number" && counted > 0);
  return { counted, phases, members };
}

for (const method of METHODS) {
  Deno.test(`train --method ${method} trains, and learns`, async () => {
    const from = folderWithTable({ rows: 400 });
    const options = [...tinyOptions(method, 30), "--dropout", "0", "--learning-rate", "0.1"];
    const args = [...TABLE, ...options, "--out", "run", "--json"];
    const { code, stdout, stderr } = await runTask("train", args, { from });
    assert.equal(code, 0, stderr);
    const { accuracy, members, density } = JSON.parse(stdout);
    assert.equal(members.length, Math.min(2, defaultSettings(method).members));
    assert.ok(accuracy > 0.85, `accuracy ${accuracy}`);
    assert.equal(density === 1, method.startsWith("dense"));
  });
}

Deno.test("train says which options make no difference with the method", async () => {
  const from = folderWithTable();
  const tiny = ["--hidden", "8", "--epochs", "2", "--members", "1", "--trials", "0"];
  const idle = ["--explore", "1", "--refinement", "plain"];
  const { code, stderr } = await runTask("train", [...TABLE, ...tiny, ...idle, "--out", "a"], {
    from,
  });
  assert.equal(code, 0, stderr);
  const sentences = stderr.split("\n").filter((line) => /has no effect/.test(line));
  assert.equal(sentences.length, 2, stderr);
  assert.match(
    sentences[0],
    /^--explore .* method "set", only with "fd", "rd", .*"lottery-tickets"/,
  );
  assert.match(sentences[1], /^--refinement has no effect with method "set", only with "fd", /);
  // Where the method has a use for them, and in a run's own config.json, nothing is said.
  const fd = [...TABLE, ...tinyOptions(), "--refinement", "plain", "--explore", "3", "--out", "b"];
  for (const args of [fd, ["--config", "a/config.json", "--out", "c"]]) {
    const other = await runTask("train", args, { from });
    assert.equal(other.code, 0, other.stderr);
    assert.doesNotMatch(other.stderr, /--(explore|refinement) has no effect/);
  }
});

Deno.test("train --test scores the rows of another file, whatever the order of its columns", async () => {
  const from = folderWithTable();
  const columns = ["class", "extra", "d", "c", 'b, "quoted"', "a"];
  writeFile(`${from}/test.csv`, tinyTable({ rows: 90, seed: 2, columns }));
  const args = [...TABLE, "--test", "test.csv", ...tinyOptions(), "--out", "run", "--json"];
  const { code, stdout, stderr } = await runTask("train", args, { from });
  assert.equal(code, 0, stderr);
  const { accuracy, testRows } = JSON.parse(stdout);
  assert.equal(testRows, 90);
  assert.match(stderr, /192 rows to train on, 48 to validate, 90 to test/);
  assert.match(stderr, /Ignored in .*test\.csv: extra/);
  const evaluation = await runTask("evaluate", [
    "run/model.safetensors",
    "test.csv",
    "--json",
  ], { from });
  assert.equal(JSON.parse(evaluation.stdout).accuracy, accuracy);
});

Deno.test("train --test-fraction holds out as many rows as it says", async () => {
  const from = folderWithTable();
  for (const [share, rows] of [["0.5", 120], ["0", 0]] as const) {
    const out = `run-${rows}`;
    const args = [...TABLE, "--test-fraction", share, ...tinyOptions(), "--out", out, "--json"];
    const { code, stdout, stderr } = await runTask("train", args, { from });
    assert.equal(code, 0, stderr);
    const { accuracy, testRows, members } = JSON.parse(stdout);
    assert.equal(testRows, rows);
    assert.equal(accuracy === null, rows === 0);
    assert.equal(members[0].accuracy === null, rows === 0);
  }
});

Deno.test("train without a file trains on the built-in data, and its config repeats it", async () => {
  const from = newFolder();
  const first = await runTask("train", [...tinyOptions(), "--out", "run", "--json"], { from });
  assert.equal(first.code, 0, first.stderr);
  assert.equal(JSON.parse(first.stdout).testRows, 462);
  const config = readJsonFile(`${from}/run/config.json`);
  assert.equal(config.file, "builtin:segment");
  const again = ["--config", "run/config.json", "--out", "again", "--json"];
  const second = await runTask("train", again, { from });
  assert.equal(second.code, 0, second.stderr);
  assert.deepEqual(
    readBytes(`${from}/again/model.safetensors`),
    readBytes(`${from}/run/model.safetensors`),
  );
});

Deno.test("train puts a run without --out under runs, where the user is", async () => {
  const from = folderWithTable();
  const { code, stdout, stderr } = await runTask("train", [...TABLE, ...tinyOptions(), "--json"], {
    from,
  });
  assert.equal(code, 0, stderr);
  const [name] = namesIn(`${from}/runs`);
  assert.match(name, /^table-fd-seed1-\d{4}-\d\d-\d\d-\d{6}$/);
  assert.equal(JSON.parse(stdout).run, `${from}/runs/${name}`);
});

Deno.test("train leaves a folder alone that holds a run, and leaves nothing where it cannot begin", async () => {
  const from = folderWithTable();
  const args = [...TABLE, ...tinyOptions(), "--out", "run"];
  assert.equal((await runTask("train", args, { from })).code, 0);
  const before = readBytes(`${from}/run/model.safetensors`);
  const second = await runTask("train", [...args, "--seed", "2"], { from });
  assert.equal(second.code, 2);
  assert.equal(
    second.stderr,
    `Cannot begin a run in "${from}/run": found "config.json", the file of another run, ` +
      `need a folder without one (--out), or a run that was stopped (--resume)\n`,
  );
  assert.deepEqual(readBytes(`${from}/run/model.safetensors`), before);

  const missing = ["missing.csv", "--target", "class", "--out", "never"];
  assert.equal((await runTask("train", missing, { from })).code, 2);
  assert.deepEqual(namesIn(from), ["run", "table.csv"]);
});
