import assert from "node:assert/strict";
import { newFolder, readText, writeFile } from "../../files.ts";
import { runTask, taskProcess } from "../run_task.ts";
import { folderWithTable, tinyOptions, type TinyTable, tinyTable } from "../tiny_run.ts";

const MODEL = "run/model.safetensors";

async function trained(table: TinyTable = {}): Promise<string> {
  const from = folderWithTable(table);
  const args = ["table.csv", "--target", "class", "--out", "run", ...tinyOptions()];
  const { code, stderr } = await runTask("train", args, { from });
  assert.equal(code, 0, stderr);
  return from;
}

Deno.test("predict takes columns in any order, and names those it does not use", async () => {
  const from = await trained();
  const straight = await runTask("predict", [MODEL, "table.csv", "--probabilities"], { from });
  assert.equal(straight.code, 0, straight.stderr);
  assert.equal(straight.stderr, "Ignored columns: class\n");
  const columns = ["c", "remark", 'b, "quoted"', "a", "d", "id"];
  writeFile(`${from}/shuffled.csv`, tinyTable({ columns }));
  const shuffled = await runTask("predict", [MODEL, "shuffled.csv", "--probabilities"], { from });
  assert.equal(shuffled.code, 0, shuffled.stderr);
  assert.equal(shuffled.stderr, "Ignored columns: remark, id\n");
  assert.equal(shuffled.stdout, straight.stdout);
  assert.equal(shuffled.stdout.trimEnd().split("\n").length, 241);
});

Deno.test("predict writes labels as the training file does", async () => {
  for (const classes of [["no", "yes"], ["01", "1"], ["x, y", 'the "z"']] as const) {
    const from = await trained({ classes });
    const { code, stdout, stderr } = await runTask("predict", [MODEL, "table.csv"], { from });
    assert.equal(code, 0, stderr);
    const [head, ...lines] = stdout.trimEnd().split("\n");
    assert.equal(head, "class");
    // Both occur: the network has learnt something.
    const cells = classes.map((label) =>
      /[",]/.test(label) ? `"${label.replaceAll('"', '""')}"` : label
    );
    assert.deepEqual([...new Set(lines)].sort(), cells.toSorted());
    assert.equal(lines.length, 240);
  }
});

Deno.test("predict --probabilities adds shares that sum to 1, and the largest names the class", async () => {
  const from = await trained();
  const { code, stdout } = await runTask("predict", [MODEL, "table.csv", "--probabilities"], {
    from,
  });
  assert.equal(code, 0);
  const [head, ...lines] = stdout.trimEnd().split("\n");
  assert.equal(head, "class,probability of no,probability of yes");
  const seen = new Set<string>();
  for (const line of lines) {
    const [label, ...shares] = line.split(",");
    const [no, yes] = shares.map(Number);
    assert.ok(Math.abs(no + yes - 1) < 1e-5, line);
    assert.equal(label, no > yes ? "no" : "yes", line);
    seen.add(shares[0]);
  }
  assert.ok(seen.size > 100);
});

Deno.test("predict --out writes the same bytes that it would have printed", async () => {
  const from = await trained();
  const printed = await runTask("predict", [MODEL, "table.csv"], { from });
  const written = await runTask("predict", [MODEL, "table.csv", "--out", "labels.csv"], { from });
  assert.equal(written.code, 0);
  assert.equal(written.stdout, "");
  assert.match(written.stderr, /\nPredictions of 240 rows: .*\/labels\.csv\n$/);
  assert.equal(readText(`${from}/labels.csv`), printed.stdout);
});

Deno.test("predict says which columns a table lacks", async () => {
  const from = await trained();
  writeFile(`${from}/less.csv`, tinyTable({ columns: ["a", "c", "class"] }));
  const { code, stdout, stderr } = await runTask("predict", [MODEL, "less.csv"], { from });
  assert.equal(code, 2);
  assert.equal(stdout, "");
  assert.match(stderr, /^Cannot read ".*less\.csv".*"b, \\?"+quoted.*"d".*\n$/);
});

Deno.test("predict says nothing when its reader has had enough", async () => {
  const from = await trained({ rows: 20000 });
  const process = taskProcess("predict", [MODEL, "table.csv", "--probabilities"], { from }).spawn();
  const stderr = new Response(process.stderr).text();
  await process.stdout.cancel();
  assert.equal((await process.status).code, 1);
  assert.equal(await stderr, "Ignored columns: class\n");
});

Deno.test("predict --keep carries columns along as they are written, and --json has the same", async () => {
  const from = await trained();
  const lines = tinyTable({ rows: 30 }).trimEnd().split("\n");
  const ids = lines.slice(1).map((_, row) => `"A-0${row}, ""x"""`);
  const table = [`the id,${lines[0]}`, ...lines.slice(1).map((line, row) => `${ids[row]},${line}`)];
  writeFile(`${from}/new.csv`, table.join("\n"));
  const keep = ["--keep", "the id", "--keep", "class", "--keep", "a"];
  const plain = await runTask("predict", [MODEL, "new.csv"], { from });
  const expected = plain.stdout.trimEnd().split("\n").slice(1);
  const kept = await runTask("predict", [MODEL, "new.csv", ...keep], { from });
  assert.equal(kept.code, 0, kept.stderr);
  assert.equal(kept.stderr, "");
  const [head, ...rows] = kept.stdout.trimEnd().split("\n");
  assert.equal(head, "the id,class,a,predicted class");
  const cells = lines.slice(1).map((line) => line.split(","));
  assert.deepEqual(
    rows,
    expected.map((label, row) => `${ids[row]},${cells[row].at(-1)},${cells[row][0]},${label}`),
  );
  const json = await runTask("predict", [
    MODEL,
    "-",
    ...keep.slice(0, 2),
    "--json",
    "--probabilities",
    "--out",
    "-",
  ], {
    from,
    input: table.join("\n"),
  });
  const { target, rows: count, predictions } = JSON.parse(json.stdout);
  assert.deepEqual([target, count], ["class", 30]);
  assert.deepEqual(predictions.map((one: { class: string }) => one.class), expected);
  assert.equal(predictions[3]["the id"], 'A-03, "x"');
  const { yes, no } = predictions[3].probabilities;
  assert.ok(Math.abs(yes + no - 1) < 1e-5);
  const wrong = await runTask("predict", [MODEL, "new.csv", "--keep", "te id"], { from });
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /found no column "te id"; did you mean "the id"\?/);
});

Deno.test("predict never parses columns that contribute nothing, and does without them", async () => {
  const from = newFolder();
  const rows = Array.from({ length: 60 }, (_, i) => `${i % 7},5,note ${i},${i % 2 ? "u" : "v"}`);
  writeFile(`${from}/t.csv`, ["x,one,note,y", ...rows].join("\n"));
  const args = ["t.csv", "--target", "y", "--out", "run", ...tinyOptions()];
  const { code, stderr } = await runTask("train", args, { from });
  assert.equal(code, 0, stderr);
  const whole = await runTask("predict", [MODEL, "t.csv"], { from });
  writeFile(`${from}/odd.csv`, ["note,one,x", ...rows.map((_, i) => `"",<b>,${i % 7}`)].join("\n"));
  writeFile(`${from}/less.csv`, ["x", ...rows.map((_, i) => `${i % 7}`)].join("\n"));
  for (const file of ["odd.csv", "less.csv"]) {
    const predicted = await runTask("predict", [MODEL, file], { from });
    assert.equal(predicted.code, 0, predicted.stderr);
    assert.equal(predicted.stdout, whole.stdout);
    assert.doesNotMatch(predicted.stderr, /Missing values/);
  }
});
