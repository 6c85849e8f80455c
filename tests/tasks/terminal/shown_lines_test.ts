/** Lines of progress and results, without a process around them. */
import assert from "node:assert/strict";
import { completeSettings, settingsForRows } from "../../../lib/settings/mod.ts";
import { adaptedLines } from "../../../tasks/terminal/progress_display.ts";
import { assessmentLines, timeText, votesNote } from "../../../tasks/terminal/result_table.ts";
import { withOptions } from "../../../tasks/terminal/setting_options.ts";
import { usageSentence } from "../../../tasks/terminal/usage_sentence.ts";
import { wrappedProse } from "../../../tasks/terminal/screen/wrapped_prose.ts";
import type { Model } from "../../../lib/model/mod.ts";
import { assessClasses } from "../../../lib/prediction/assessment.ts";

Deno.test("epochs that are not what was asked for are told in one line", () => {
  const given = completeSettings({ recipe: "modern", epochs: 6 });
  assert.deepEqual(adaptedLines(given, settingsForRows(given, 625), 625), [
    "For 625 rows: epochs 6 → 24, batch size 64 → 32 (or --adapt-to-rows false)",
  ]);
  assert.deepEqual(adaptedLines(given, settingsForRows(given, 5000), 5000), [
    "For 5000 rows: epochs 6 → 8 (or --adapt-to-rows false)",
  ]);
  const exact = completeSettings({ recipe: "modern", epochs: 6, adaptToRows: false });
  assert.deepEqual(adaptedLines(exact, settingsForRows(exact, 625), 625), []);
});

Deno.test("the time of training is never said to be a part of less", () => {
  assert.equal(
    timeText({ train: 1.5, total: 2.3, cpu: 1.9 }),
    "training: 1.5 s of 2.3 s (processor: 1.9 s)",
  );
  assert.equal(
    timeText({ train: 2.8, total: 2.3, cpu: 4 }),
    "training: 2.8 s of members side by side, in 2.3 s (processor: 4.0 s)",
  );
});

Deno.test("a terminal breaks prose between words, and nothing else", () => {
  const prose = `  ${"word ".repeat(12)}end`;
  assert.equal(wrappedProse(prose, Infinity), prose);
  const lines = wrappedProse(prose, 40).split("\n");
  assert.deepEqual(lines.map((line) => line.replace(/\S.*/, "").length), [2, 4]);
  for (const line of lines) assert.ok(line.length <= 40, line);
  const whole = [
    `Next:   deno task predict ${"a".repeat(30)} FILE with more words behind it`,
    `Report: /home/somebody/${"a".repeat(40)} report.html`,
    `│ ${"a │ ".repeat(30)}`,
    `class    ${"rows  ".repeat(20)}`,
    `-----  ${"-----  ".repeat(12)}`,
  ];
  for (const line of whole) assert.equal(wrappedProse(line, 60), line);
});

Deno.test("a terminal never breaks a command, a path or a quoted name", () => {
  const [path, command] = ["/home/some body/a, folder/table.csv", "deno task train --resume run"];
  const text = `Cannot read "${path}", line 1: found no column "price in €", need it; ${command}`;
  const resume = `deno task train --resume ${"/folder".repeat(9)}`;
  assert.equal(
    wrappedProse(`Stopped. Go on with: ${resume}`, 60),
    `Stopped. Go on with:\n  ${resume}`,
  );
  for (const width of [20, 32, 48, 60]) {
    const lines = wrappedProse(text, width).split("\n");
    assert.equal(lines.map((line) => line.trim()).join(" "), text);
    for (const whole of [`"${path}"`, '"price in €"', command]) {
      assert.ok(lines.some((line) => line.includes(whole)), `${whole} at ${width}`);
    }
    for (const line of lines) assert.ok(line.length <= width || /"\/|deno task|€/.test(line), line);
  }
});

Deno.test("a complaint about the command line says what to type", () => {
  const say = (text: string) => usageSentence(text, "deno task evaluate", ["MODEL", "FILE"]);
  assert.equal(
    say("error: missing required argument 'FILE'\n"),
    "Cannot run the task: missing required argument 'FILE'; type: deno task evaluate MODEL FILE",
  );
  const help = "; deno task evaluate --help lists the options";
  const invalid = "option '--method <word>' argument 'boostin' is invalid";
  assert.equal(
    say(`error: ${invalid}. Allowed choices are a, b, c, d, e, f, g, h, boosting.\n`),
    `Cannot run the task: ${invalid}; did you mean "boosting"?${help}`,
  );
  assert.equal(
    say(`error: ${invalid}. Allowed choices are bagging, boosting.\n`),
    `Cannot run the task: ${invalid}; the choices are bagging, boosting; did you mean "boosting"?${help}`,
  );
  assert.equal(
    say(
      "error: command-argument value 'fig5' is invalid for argument 'NAME'. Allowed choices are fig2.\n",
    ),
    `Cannot run the task: the word 'fig5' is invalid for argument 'NAME'; the choices are fig2; ` +
      `did you mean "fig2"?${help}`,
  );
  assert.equal(
    say("error: option '--epochs <count>' argument 'x' is invalid. Need a number\n"),
    `Cannot run the task: option '--epochs <count>' argument 'x' is invalid: need a number${help}`,
  );
  assert.equal(
    say("error: unknown option '--targt'\n(Did you mean --target?)\n"),
    `Cannot run the task: unknown option '--targt' (Did you mean --target?)${help}`,
  );
});

Deno.test("numbers of a column stand below each other, whether or not one is missing", () => {
  const probabilities = Float32Array.of(0.9, 0.1, 0.8, 0.2, 0.7, 0.3);
  const lines = assessmentLines(assessClasses(probabilities, Int32Array.of(0, 0, 1), ["a", "b"]));
  const [a, b] = ["a ", "b "].map((name) =>
    lines.join("\n").split("\n").find((line) => line.startsWith(name))!
  );
  assert.match(a, /^a +2 +66\.7 /);
  assert.equal(b.indexOf("–"), a.indexOf("66.7") + 3);
});

Deno.test("messages on settings name the option where it is written otherwise", () => {
  assert.equal(
    withOptions('setting "validationFraction": found 0, with memberSelection "best"', []),
    'setting "validationFraction" (--validation-fraction): found 0, with --member-selection best',
  );
  assert.equal(withOptions('need "trials" of 0', []), "need --trials 0");
  assert.equal(withOptions('need "epochs" of at least 9', []), 'need "epochs" of at least 9');
  // Neither what is typed as it stands there nor what is no setting.
  const others = 'found "epochs", "camelCase" and "testFraction"';
  assert.equal(withOptions(others, []), others);
  assert.match(withOptions(others, ["testFraction"]), /"testFraction" \(--test-fraction\)$/);
});

Deno.test("votes of members are shown where they have any", () => {
  const model = (votes: (number | undefined)[], numbers = false) => ({
    members: votes.map((vote) => ({ vote })),
    targetScaling: numbers ? { mean: 0, deviation: 1 } : undefined,
  } as unknown as Model);
  assert.deepEqual(votesNote(model([undefined, undefined])), []);
  assert.deepEqual(votesNote(model([0.75, 0.25])), [
    "Votes of the members, in their order: 0.750, 0.250; each learned what those before got wrong",
  ]);
  assert.match(votesNote(model([0.5, 0.5], true))[0], /0\.500, 0\.500; .* alone says little$/);
});
