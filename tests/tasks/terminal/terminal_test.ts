/** What a person sees on a terminal of 80 columns. */
import assert from "node:assert/strict";
import { namesIn, newFolder, writeFile } from "../../files.ts";
import { runTask } from "../run_task.ts";
import { folderWithTable, tinySettings } from "../tiny_run.ts";
import { assertWhole, HAS_TMUX, onTerminal } from "../terminal.ts";

const ignore = !HAS_TMUX;

Deno.test({
  name: "train's bar keeps validation and time left at 80 columns, and Ctrl-C leaves clean lines " +
    "(needs tmux)",
  ignore,
  fn: async () => {
    const from = newFolder();
    const args = ["--hidden", "100,100", "--epochs", "100", "--out", "run"];
    using terminal = onTerminal("train", args, from);
    const whole =
      /^member 1\/18 [█░]{5,} epoch \d+\/3034, (\d+ (s|min|h) ?){1,4}left, validation \d+\.\d\d %$/m;
    await terminal.until(whole);
    terminal.press("C-c");
    await terminal.until(/Go on with:\s+deno task/);
    const lines = terminal.screen();
    assert.ok(lines.includes("Stopping after this batch; Ctrl-C again stops at once"));
    assert.doesNotMatch(lines.join("\n"), /\^C|█|░/);
    assert.ok(lines.includes("Members 1 to 10 are trials: 2 of each of 5 candidates"));
    assert.ok(namesIn(`${from}/run`).includes("checkpoint.safetensors"));
  },
});

Deno.test({
  name: "a run with trials and its model can be read at 80 columns (needs tmux)",
  ignore,
  fn: async () => {
    const from = newFolder();
    const args = ["--hidden", "24,24", "--epochs", "1", "--frequencies", "2"];
    {
      using terminal = onTerminal("train", [...args, "--out", "run"], from);
      await terminal.until(/^Next: +deno task/m);
      const lines = terminal.history();
      assertWhole(lines);
      const text = lines.join("\n");
      assert.match(text, /^Modern recipe \(SET\) on segment\.csv\.gz: /m);
      assert.match(text, /^Tried with 370 rows held out:$/m);
      assert.match(
        text,
        /^│ dropout 0\.4, frequency 0\.2 +│ 2, 7 +│ \d+\.\d\d +│ (chosen)? +│$/m,
      );
      assert.match(text, /^Members 11 to 18 learn from all rows, as was chosen$/m);
      // What is numbered so while it is trained keeps its number in the table.
      for (const number of [11, 18]) {
        assert.match(text, new RegExp(`^Member ${number} is complete: epoch \\d+$`, "m"));
        assert.match(text, new RegExp(`^│ member ${number} `, "m"));
      }
      assert.doesNotMatch(text, /[{}]|█|░/);
    }
    using terminal = onTerminal("inspect", ["run/model.safetensors"], from);
    await terminal.until(/^--all shows every member/m);
    const lines = terminal.history();
    assertWhole(lines);
    assert.ok(lines.findLastIndex((line) => line !== "") < 23, lines.join("\n"));
    assert.match(lines[0], /^Modern recipe, method set, seed 1/);
    assert.match(lines.join("\n"), /^8 members: .*11 to 18/m);
  },
});

Deno.test({
  name:
    "compare tells how far it is, prints whole tables, and no interval of two seeds (needs tmux)",
  ignore,
  fn: async () => {
    const from = folderWithTable();
    const { target: _, ...settings } = tinySettings();
    const endless = { ...settings, epochs: 1_000_000 };
    const contenders = { "a contender with a name": settings, "and another one": settings };
    writeFile(`${from}/two.json`, JSON.stringify(contenders));
    writeFile(`${from}/endless.json`, JSON.stringify({ endless }));
    const args = ["table.csv", "--target", "class", "--no-trees", "--seeds", "1,2"];
    {
      using terminal = onTerminal("compare", [...args, "--contenders", "two.json"], from);
      await terminal.until(/^Two seeds have no interval/m);
      // All that was printed: the first table may have left the screen by then.
      const text = [...terminal.history()].join("\n");
      assertWhole(terminal.history());
      // Both key columns stand in every part; weights are whole numbers.
      assert.match(
        text,
        /^│ table │ a contender with a name │ \d+\.\d\d +│ \d+\.\d\d, \d+\.\d\d +│/m,
      );
      assert.match(text, /^│ data +│ method +│ .*weights/m);
      assert.doesNotMatch(text, / to 1\d\d\.| to \d+\.\d\d │|\d\.5 +│ \d\.\d\de/);
    }
    using terminal = onTerminal("compare", [...args, "--contenders", "endless.json"], from);
    await terminal.until(/^ {2}[█░]{5,} epoch \d+\/1000000, .* left$/m);
    terminal.press("C-c");
    await terminal.until(/^Stopped$/m);
    assert.doesNotMatch(terminal.screen().join("\n"), /█|░|\^C/);
  },
});

Deno.test("a number of members in place of the recipe's is that of the ensemble", async () => {
  const from = newFolder();
  const args = ["--hidden", "24,24", "--epochs", "1", "--frequencies", "2"];
  const run = [...args, "--members", "3", "--trials", "2", "--out", "run"];
  const { code, stdout, stderr } = await runTask("train", run, { from });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /│ ensemble of 3 +│/);
  assert.match(stdout, /│ member 11 .*\n│ member 12 .*\n│ member 13 /);
  assert.match(stderr, /^Members 11 to 13 learn from all rows/m);
  // As well where the rest comes from a run that kept its trial members.
  const whole = [...args, "--trials", "2", "--candidates", '[{"dropout":0},{"dropout":0.5}]'];
  const first = await runTask("train", [...whole, "--out", "first"], { from });
  assert.equal(first.code, 0, first.stderr);
  const again = ["--config", "first/config.json", "--members", "2", "--out", "again", "--json"];
  const second = await runTask("train", again, { from });
  assert.equal(second.code, 0, second.stderr);
  const { members, trials } = JSON.parse(second.stdout);
  assert.deepEqual(members.map(({ number }: { number: number }) => number), [5, 6]);
  assert.deepEqual(trials.tried.map(({ members }: { members: number[] }) => members), [[1, 3], [
    2,
    4,
  ]]);
});
