/** The soak with small numbers; the parts that other tests do anyway are left to them. */
import assert from "node:assert/strict";
import { randomStream } from "../../lib/random.ts";
import { isThere, namesIn, newFolder, writeFile } from "../files.ts";
import { ROOT, runTask, taskProcess } from "../tasks/run_task.ts";
import { tinyTable } from "../tasks/tiny_run.ts";
import { mutated } from "../files/mutation.ts";
import { allocationsOf } from "./allocations.ts";
import { checkDamaged, wholeFiles } from "./files.ts";
import { killAndResume, killUnlessOver } from "./kill_and_resume.ts";
import { killPlans } from "./kills.ts";
import { soakLargeTable } from "./large_table.ts";
import { soakLoadMemory } from "./load_memory.ts";
import { plainTable } from "./plain_table.ts";
import { soakTables } from "./tables.ts";
import { allChanges, soakTopology, topologyCase } from "./topology.ts";

const SCRATCH = `${ROOT}.cache/soak`;

const options = (seed: number) => ({
  seed,
  folder: newFolder(),
  deno: Deno.execPath(),
  deadline: Infinity,
});

Deno.test("10,000 random topology changes of every strategy keep the rules", () => {
  const { counts, failures } = soakTopology(10_000, options(1));
  assert.deepEqual(failures, []);
  assert.equal(counts.cases, 10_000);
  assert.ok(counts["connections moved"] > 50_000 && counts["overlaps that had to be"] > 500);
});

Deno.test("a strategy that breaks a rule is noticed, and its case can be repeated", () => {
  const [honest] = allChanges();
  // Says that it avoids earlier members, and does not look at them.
  const wrong = { ...honest, name: "careless", disjoint: true };
  const broken: number[] = [];
  for (let number = 0; number < 300 && broken.length === 0; number++) {
    try {
      topologyCase(1, number, [wrong]);
    } catch (error) {
      assert.match((error as Error).message, new RegExp(`^case ${number}, careless: `));
      broken.push(number);
    }
  }
  assert.equal(broken.length, 1);
  assert.throws(
    () => topologyCase(1, broken[0], [wrong]),
    /blocked positions, need|overlaps, need/,
  );
  topologyCase(1, broken[0], [honest]);
});

Deno.test("1,500 malformed tables are read as they are, or refused in a sentence", async () => {
  const { counts, failures } = await soakTables(1500, options(2));
  assert.deepEqual(failures, []);
  assert.ok(counts["tables read"] > 200 && counts["tables refused"] > 700, JSON.stringify(counts));
});

Deno.test("plainTable, the judge, reads what RFC 4180 says", () => {
  const table = (text: string) => plainTable(new TextEncoder().encode(text), "y");
  assert.deepEqual(table('\ufeffx,y\r\n"1","a ""b"",\n"\r\n-.5e1 ,c\r\n\r\n'), {
    featureNames: ["x"],
    features: [1, -5],
    // Blanks around a label do not count.
    labels: ['a "b",', "c"],
  });
  const blank = { featureNames: ["x"], features: [1, 2], labels: ["a", "b"] };
  // Blank lines are no rows, and lines may end in carriage returns alone.
  for (const text of ["\n \nx,y\n1,a\n\t\n\n2,b\n\n", "x,y\r1,a\r2,b"]) {
    assert.deepEqual(table(text), blank, text);
  }
  for (
    const text of [
      ...["", "x,y\n", "x,y\n1,a\n", "x,y\n1,a\n,b\n", "x,y\n1,a\n2\n", "x,y\n1,a\r2,b\n"],
      ...["x,x\n1,a\n2,b\n", 'x,y\n1,"a\n2,b\n', "x,y\n1e39,a\n2,b", "y\na\nb\n"],
    ]
  ) assert.equal(table(text), null, text);
});

Deno.test("600 damaged files on the disk: little memory, and a sentence or the same numbers", async () => {
  const folder = newFolder();
  for (const file of await wholeFiles()) {
    writeFile(file.pathIn(folder), file.bytes);
    const expected = file.use(folder);
    assert.equal(checkDamaged(file, file.bytes, folder, expected), true);
    const headerEnd = 8 + Number(new DataView(file.bytes.buffer).getBigUint64(0, true));
    for (let round = 0; round < 300; round++) {
      const bytes = mutated(file.bytes, headerEnd, randomStream(4, file.name, round));
      checkDamaged(file, bytes, folder, expected);
    }
  }
});

Deno.test("allocationsOf sees every array that is asked for, and puts the constructors back", () => {
  const before = Float64Array;
  const { largest, total } = allocationsOf(() => {
    new Float64Array(1000);
    new Uint8Array(new ArrayBuffer(100));
    Float32Array.from([1, 2, 3]);
  });
  assert.equal(largest, 8000);
  assert.ok(total >= 8100 && total < 8300, `${total}`);
  assert.equal(Float64Array, before);
});

Deno.test("a file of 12 MB, whole or damaged, takes no more than twice its size to load", async () => {
  const { counts, failures } = await soakLoadMemory(2, options(3));
  assert.deepEqual(failures, []);
  assert.equal(counts["loads of a large file"], 6);
  assert.ok(counts["most MB taken"] >= counts["its MB"], JSON.stringify(counts));
});

Deno.test("two columns of a table of 100 MB take a bounded amount of memory", async () => {
  const { counts, failures } = await soakLargeTable(1e8, options(1));
  assert.deepEqual(failures, []);
  assert.ok(counts["MB of a large table"] >= 100);
});

Deno.test("a process that ended before its signal was sent is no fault", async () => {
  const process = taskProcess("sweep", ["--help"]).spawn();
  const output = process.output();
  await process.status;
  assert.equal(killUnlessOver(process, "SIGKILL"), false);
  assert.equal((await output).code, 0);

  const waiting = taskProcess("train", ["/dev/zero", "--target", "class"]).spawn();
  const waited = waiting.output();
  assert.equal(killUnlessOver(waiting, "SIGKILL"), true);
  assert.equal((await waited).signal, "SIGKILL");
});

Deno.test("a run that rolls back, killed and stopped, ends with the same bytes", async () => {
  const plan = killPlans(false).find(({ name }) => name === "rd with rollbacks")!;
  const folder = newFolder();
  writeFile(`${folder}/table.csv`, tinyTable());
  const { kills } = await killAndResume({
    args: [`${folder}/table.csv`, "--target", "class", ...plan.options],
    kills: 3,
    random: randomStream(5, "kills"),
    signals: plan.signals,
    checkRecord: ({ rollbacks }) => assert.ok((rollbacks as unknown[]).length >= 1),
  });
  assert.equal(kills, 3);
});

Deno.test("soak prints its counts, leaves nothing behind, and says what it does not know", async () => {
  const leftovers = () => isThere(SCRATCH) ? namesIn(SCRATCH) : [];
  const before = leftovers();
  const args = "--only topology,tables --cases 500 --tables 30 --gigabytes 0 --seed 3".split(" ");
  const { code, stdout, stderr } = await runTask("soak", args);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^topology: 500 cases, \d+ connections moved, .*; 0 failures, \d+ s\n/);
  assert.match(stdout, /\ntables: \d+ tables read, \d+ tables refused; 0 failures, \d+ s\n$/);
  const json = await runTask("soak", [...args, "--json"]);
  const { results } = JSON.parse(json.stdout);
  assert.equal(results.topology.counts.cases, 500);
  assert.deepEqual(results.tables.failures, []);

  for (
    const [wrong, says] of [
      [
        ["--only", "tools"],
        /^Cannot soak "tools": need some of topology, files, tables, changes, power, kills\n$/,
      ],
      [["--kills", "1.5"], /^Cannot soak with --kills 1\.5: need a whole number from 0\n$/],
    ] as const
  ) {
    const { code, stderr } = await runTask("soak", wrong);
    assert.equal(code, 2);
    assert.match(stderr, says);
  }
  assert.ok(leftovers().every((name) => before.includes(name)));
});
