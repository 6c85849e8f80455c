import assert from "node:assert/strict";
import { isInstalled, shell } from "../../exports/c/compiled.ts";
import { isThere, readText, writeFile } from "../../files.ts";
import { runTask } from "../run_task.ts";
import { folderWithTable, tinyOptions } from "../tiny_run.ts";

const from = folderWithTable();
await runTask("train", ["table.csv", "--target", "class", "--out", "run", ...tinyOptions()], {
  from,
});
const MODEL = "run/model.safetensors";

function exported(...words: string[]) {
  return runTask("export", [MODEL, "--format", "c", ...words], { from });
}

Deno.test("export writes a source and a header that compile, and tells what they take", async () => {
  const { code, stdout, stderr } = await exported("--out", "tiny.c", "--prefix", "tiny_");
  assert.equal(code, 0, stderr);
  assert.match(
    stdout,
    /^Folded away, with the same answers: \d+ neurons?, \d+ weights?, 0 inputs$/m,
  );
  assert.match(stdout, /^Weights: float32, with the model's answers to rounding$/m);
  assert.match(stdout, /^Constants: \d+ bytes; with code, at most \d+ of flash on a Cortex-M4$/m);
  assert.match(stdout, /^Written: .*tiny\.c\nWritten: .*tiny\.h$/m);
  shell("cc -std=c99 -Wall -Wextra -pedantic -Werror -c tiny.c", from);
  assert.match(
    readText(`${from}/tiny.h`),
    /int tiny_predict\(const float \*row, float \*probabilities\)/,
  );
});

Deno.test("export to fewer members or integers tells what that costs on the run's test rows", async () => {
  const { stdout } = await exported("--members", "1", "--weights", "int8");
  assert.match(stdout, /^Members: 1 of 2, the best on held-out rows: [12]$/m);
  assert.match(stdout, /^Accuracy on \d+ rows: \S+ %, and \S+ % of the whole ensemble; the same /m);
  const { stdout: onTable } = await runTask(
    "export",
    [MODEL, "table.csv", "--format", "c", "--weights", "int16", "--json"],
    { from },
  );
  const { cost, members, weights } = JSON.parse(onTable);
  assert.deepEqual([cost.rows, cost.measure, weights], [240, "accuracy", "int16"]);
  assert.equal(members.length, 2);
  assert.ok(cost.agreement > 0.97 && cost.difference < 0.1);
});

Deno.test("export finds what fits, and says what the least is where nothing does", async () => {
  const { stdout } = await exported("--target-size", "9KB", "--json");
  const { flashBytes, members } = JSON.parse(stdout);
  assert.ok(flashBytes <= 9 * 1024 && members.length > 0);
  const { code, stderr } = await exported("--target-size", "2KB");
  assert.equal(code, 2);
  assert.match(
    stderr,
    /^Cannot export the model in 2048 bytes of flash: found \d+ with one member and weights of int8, need more room/,
  );
});

Deno.test("export refuses what it cannot do in one sentence", async () => {
  for (
    const [words, sentence] of [
      [["--prefix", "1st"], /^Cannot export the model: found prefix "1st", need letters/],
      [["--members", "3"], /^Cannot export members: found 3 members, need an integer from 1 to 2/],
      [["--quantile-error", "2"], /found quantile error 2, need a number from 0.001 to 1/],
      [["--members", "1", "--target-size", "9KB"], /found --members and --target-size, need one/],
      [["--target-size", "9 kilos"], /is invalid: need a size such as 64KB; /],
    ] as const
  ) {
    const { code, stderr } = await exported(...words);
    assert.equal(code, 2);
    assert.match(stderr, sentence);
  }
});

Deno.test({
  name: "an Arduino sketch is C++ that a compiler takes",
  ignore: !isInstalled("clang-19"),
  async fn() {
    const { code, stderr } = await exported("--out", "board.c", "--sketch");
    assert.equal(code, 0, stderr);
    assert.ok(isThere(`${from}/board.ino`));
    // What Arduino puts before a sketch.
    writeFile(
      `${from}/Arduino.h`,
      `#include <math.h>
#include <stdlib.h>
struct Line {
  void begin(long);
  int read();
  void println(const char *);
  void println(double);
};
extern Line Serial;
`,
    );
    shell("clang-19 -Wall -Wextra -Werror -fsyntax-only -x c++ -include Arduino.h board.ino", from);
  },
});

Deno.test("export refuses the record of a run in the model's place", async () => {
  const { code, stderr } = await runTask("export", ["run/record.json", "--format", "c"], { from });
  assert.equal(code, 2);
  assert.match(
    stderr,
    /^Cannot take ".*record\.json" for the model: need a run's folder, or a model\.safetensors/,
  );
});

Deno.test("a file with another ending than the format's is refused: it would have another name", async () => {
  const { code, stderr } = await exported("--out", "tiny.js");
  assert.equal(code, 2);
  assert.match(
    stderr,
    /Cannot export to c as "tiny.js": need a name that ends with "\.c", such as "tiny\.c"/,
  );
  assert.ok(!isThere(`${from}/tiny.js`));
});
