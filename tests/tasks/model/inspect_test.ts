import assert from "node:assert/strict";
import type { StoredLayer } from "../../../lib/nn/stored_layer.ts";
import { load, save } from "../../../lib/model/model_file.ts";
import { newFolder, writeFile } from "../../files.ts";
import { smallModel } from "../../model/small_model.ts";
import { runTask } from "../run_task.ts";
import { folderWithTable, tinyOptions } from "../tiny_run.ts";

Deno.test("inspect shows layers, degrees, members and overlaps as they are in the file", async () => {
  const from = folderWithTable();
  const args = ["table.csv", "--target", "class", "--out", "run", ...tinyOptions()];
  assert.equal((await runTask("train", args, { from })).code, 0);
  const model = load(`${from}/run/model.safetensors`);

  const { code, stdout, stderr } = await runTask("inspect", ["run/model.safetensors", "--json"], {
    from,
  });
  assert.equal(code, 0, stderr);
  const found = JSON.parse(stdout);
  assert.deepEqual(found.settings, model.settings);
  assert.deepEqual(found.classes, ["no", "yes"]);
  assert.equal(found.target, "class");
  assert.deepEqual(found.featureNames, ["a", 'b, "quoted"', "c", "d"]);
  assert.equal(found.members.length, 2);
  const positions = model.members.map(({ layers }) => {
    const layer = layers[1];
    assert.ok(layer.kind === "sparse");
    const { indptr, indices } = layer;
    return new Set(
      Array.from(
        { length: 24 },
        (_, row) =>
          [...indices.subarray(indptr[row], indptr[row + 1])].map((column) => 24 * row + column),
      ).flat(),
    );
  });
  const hidden = found.members[1].layers[1];
  assert.equal(hidden.nnz, positions[1].size);
  assert.equal(hidden.density, positions[1].size / 576);
  const incoming = Array.from(
    { length: 24 },
    (_, row) => [...positions[1]].filter((p) => Math.floor(p / 24) === row).length,
  );
  assert.equal(hidden.incoming.least, Math.min(...incoming));
  assert.equal(hidden.incoming.most, Math.max(...incoming));
  const shared = [...positions[0]].filter((position) => positions[1].has(position)).length;
  assert.ok(Math.abs(found.overlaps[1][0][1] - shared / positions[0].size) < 1e-12);
  assert.equal(found.overlaps[1][0][0], 1);

  const short = await runTask("inspect", ["run/model.safetensors"], { from });
  assert.equal(short.code, 0, short.stderr);
  assert.match(short.stdout, /^2 members: 1, 2; validation /m);
  const nnz = (positions[0].size + positions[1].size) / 2;
  assert.match(short.stdout, new RegExp(`2 sparse │ 24 → 24 │ ${Math.round(nnz)} `));

  const text = await runTask("inspect", ["run/model.safetensors", "--all"], { from });
  assert.equal(text.code, 0, text.stderr);
  assert.match(text.stdout, /^Method fd, seed 1, target "class"\nClasses: no, yes\n/);
  assert.match(text.stdout, new RegExp(`2 \\(sparse\\) │ 24 → 24 .*│ ${hidden.nnz} `));
  assert.match(text.stdout, /Layer 2: share of a member's connections/);
});

Deno.test("inspect shows the size of the blocks in every layer, and train takes and checks it", async () => {
  const from = folderWithTable();
  const train = (...size: string[]) =>
    runTask("train", [
      ...["table.csv", "--target", "class", "--out", "run", ...tinyOptions()],
      ...["--hidden", "32,20", ...size],
    ], { from });
  const wrong = await train("--block-size", "6");
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /"blockSize" \(--block-size\): found 6, need one of 1, 2, 4, 8, 16/);
  const trained = await train("--block-size", "16");
  assert.equal(trained.code, 0, trained.stderr);
  const short = await runTask("inspect", ["run/model.safetensors"], { from });
  assert.match(short.stdout, /1 sparse, G 16 +│ 4 → 32 +│/);
  const text = await runTask("inspect", ["run/model.safetensors", "--all"], { from });
  assert.equal(text.code, 0, text.stderr);
  assert.match(text.stdout, /1 \(sparse\) +│ 4 → 32 +│ 16 +│/);
  assert.match(text.stdout, /2 \(sparse\) +│ 32 → 20 +│ 4 +│/);
  assert.match(text.stdout, /3 \(sparse\) +│ 20 → 2 +│ 2 +│/);
});

Deno.test("inspect shows members of unequal depth, and names that would steer the terminal", async () => {
  const from = newFolder();
  const model = await smallModel();
  const [first, second] = model.members;
  const last: StoredLayer = {
    kind: "sparse",
    shape: [3, 12],
    indptr: Int32Array.of(0, 0, 1, 2),
    indices: Int32Array.of(4, 11),
    data: Float32Array.of(1, -1),
    bias: new Float32Array(3),
  };
  const name = "a\u001b]0;owned\u0007\u009b31m\nMember 9\u202e";
  const forged = {
    ...model,
    target: name,
    classes: [name, "b".repeat(1000), "c"],
    members: [first, { ...second, layers: [second.layers[0], last] }],
    preprocessing: { ...model.preprocessing, featureNames: [name, "x", "y", "z"] },
  };
  save(forged, `${from}/model.safetensors`);
  const { code, stdout, stderr } = await runTask("inspect", ["model.safetensors", "--all"], {
    from,
  });
  assert.equal(code, 0, stderr);
  const short = await runTask("inspect", ["model.safetensors"], { from });
  assert.match(short.stdout, /^1 of 2 members has these sizes: there are no overlaps$/m);
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(stdout, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  const shown = String.raw`a\u001b]0;owned\u0007\u009b31m\u000aMember 9\u202e`;
  assert.ok(stdout.includes(`\nClasses: ${shown}, ${"b".repeat(57)}..., c\n`), stdout);
  assert.ok(stdout.includes(`\nColumns: ${shown}, x, y, z\n`), stdout);
  assert.match(stdout, /^Method fd, seed \d+, target "a\\u001b\]0;owned/);
  assert.match(stdout, /\nThe members' layers differ in size: no overlaps\n/);
  const json = await runTask("inspect", ["model.safetensors", "--json"], { from });
  assert.deepEqual(JSON.parse(json.stdout).overlaps, []);
  assert.equal(JSON.parse(json.stdout).members[1].layers.length, 2);
  assert.equal(JSON.parse(json.stdout).target, name);
});

Deno.test("inspect shows how a table is understood, and train says it in short", async () => {
  const from = newFolder();
  const rows = Array.from(
    { length: 60 },
    (_, i) => `${i},name ${i},2024-01-${10 + i % 9},${i % 4 ? i % 7 : "-"},1,${i % 2 ? "u" : "v"}`,
  );
  writeFile(`${from}/t.csv`, ["id,name,day,low,one,y", ...rows].join("\n"));
  const { code, stdout, stderr } = await runTask("inspect", ["t.csv", "--target", "y"], { from });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^60 rows, target "y": 2 classes \(u 30, v 30\)$/m);
  assert.match(stdout, /│ day +│ dates, in days since 2024-01-10 +│ 1 +│ 0 +│/);
  assert.match(stdout, /│ low +│ numbers, "-" as a missing value +│ 2 +│ 15 +│/);
  const said = [
    /^Column "id": it is another whole number in every row/m,
    /^Column "name" is left out: none of its texts is in 5 rows: it is an identifier/m,
    /^Column "one" is left out: it is 1 in all rows$/m,
  ];
  for (const line of said) assert.match(stdout, line);
  const json = await runTask("inspect", ["t.csv", "--target", "y", "--ignore", "id", "--json"], {
    from,
  });
  assert.deepEqual(JSON.parse(json.stdout).classes, [{ name: "u", rows: 30 }, {
    name: "v",
    rows: 30,
  }]);
  const asked = await runTask("inspect", ["t.csv"], { from });
  assert.equal(asked.code, 2);
  assert.match(
    asked.stderr,
    /need --target COLUMN, one of "id", "name", "day", "low", "one", "y"$/m,
  );
  const train = ["t.csv", "--target", "y", ...tinyOptions(), "--out", "run"];
  const trained = await runTask("train", train, { from });
  assert.match(
    trained.stderr,
    new RegExp(
      "^Columns: 5, as 4 inputs\n  numbers: id\n  left out: name, one\n" +
        '  dates, in days since 2024-01-10: day\n  numbers, "-" as a missing value: low \\(\\d+ missing\\)\n' +
        "  missing numbers become the median",
      "m",
    ),
  );
  for (const line of said) assert.match(trained.stderr, line);
});

Deno.test("inspect names columns of which nothing is learnt, with reason and remedy, and fits 80 columns", async () => {
  const from = newFolder();
  const wide = Array.from({ length: 40 }, (_, i) => `reading ${i}`);
  const rows = Array.from({ length: 60 }, (_, i) =>
    [
      ...[
        `${i} kg`,
        `${1 + i % 12}/${1 + i % 28}/2024`,
        "",
        `note ${i}`,
        "same",
        `${i % 3 ? i % 5 : ""}`,
      ],
      ...wide.map((_, c) => `${(i * c) % 7}.5`),
      i % 2 ? "u" : "v",
    ].join(";"));
  const long = "a name that is rather long for a column of a table";
  writeFile(
    `${from}/t.csv`,
    [["weight", "day", "empty", "note", "same", long, ...wide, "y"].join(";"), ...rows].join("\n"),
  );
  const { code, stdout, stderr } = await runTask("inspect", ["t.csv", "--target", "y"], { from });
  assert.equal(code, 0, stderr);
  for (
    const line of [
      /^Cells are separated by ";"$/m,
      /^Column "weight" is left out: its texts look like numbers with a unit, "0 kg": without it they/m,
      /^│ day +│ dates with the month first +│ 1 /m,
      /^Column "empty" is left out: all its values are missing$/m,
      /^Column "note" is left out: none of its texts is in 5 rows/m,
      /^Column "same" is left out: it is "same" in all rows$/m,
      /^│ reading 1 … reading 6 \(6\) +│ numbers +│ 1 /m,
    ]
  ) assert.match(stdout, line);
  const table = stdout.split("\n").filter((line) => /^[┌│├└]/.test(line));
  for (const line of table) assert.ok([...line].length <= 80, line);
  assert.ok(table.length < 40, stdout);
});

Deno.test("inspect takes a table of any name where it has a target, and refuses a model with one", async () => {
  const from = newFolder();
  writeFile(`${from}/iris.data`, "a,y\n1,u\n2,v\n");
  const table = await runTask("inspect", ["iris.data", "--target", "y"], { from });
  assert.match(table.stdout, /^2 rows, target "y"/, table.stderr);
  const model = await runTask("inspect", ["model.safetensors", "--ignore", "a"], { from });
  assert.equal(model.code, 2);
  assert.match(
    model.stderr,
    /with --ignore: need a table for it, as in: deno task .*inspect TABLE --target COLUMN$/m,
  );
});
