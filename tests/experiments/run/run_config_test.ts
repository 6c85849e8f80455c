import assert from "node:assert/strict";
import { completeConfig, settingsOf } from "../../../lib/experiments/run/run_config.ts";
import { METHODS } from "../../../lib/methods/methods.ts";
import { completeSettings, defaultSettings } from "../../../lib/settings/mod.ts";

const data = { file: "table.csv", target: "class" };

Deno.test("completeConfig adds the paper's settings for the method, and keeps what was given", () => {
  for (const method of METHODS) {
    const config = completeConfig({ ...data, method });
    const { file, target, test, testFraction, missing, categorical, ignore, ...rest } = config;
    const { strategy, missingTarget, ...settings } = rest;
    assert.deepEqual({ file, target, test, testFraction, missing, categorical, ignore, strategy }, {
      ...data,
      strategy: null,
      test: null,
      testFraction: 0.2,
      missing: "median",
      categorical: "auto",
      ignore: [],
    });
    assert.equal(missingTarget, "error");
    assert.deepEqual(settings, defaultSettings(method));
  }
  const given = { ...data, test: "test.csv", testFraction: 0, epsilon: 7, hidden: [3] };
  const config = completeConfig(given);
  for (const [key, value] of Object.entries(given)) {
    assert.deepEqual(config[key as keyof typeof config], value, key);
  }
});

Deno.test("completeConfig of a complete configuration changes nothing, also after JSON", () => {
  const config = completeConfig({ ...data, method: "dist", lambda: 2 });
  assert.deepEqual(completeConfig(JSON.parse(JSON.stringify(config))), config);
  assert.deepEqual(settingsOf(config), completeSettings({ method: "dist", lambda: 2 }));
});

Deno.test("completeConfig refuses what is missing, unknown, of the wrong type or out of range", () => {
  const cases: [given: Record<string, unknown>, name: string, says: RegExp][] = [
    [{ target: "class" }, "TypeError", /"file": found none, need a text/],
    [{ file: "table.csv" }, "TypeError", /"target": found none, need a text/],
    [{ ...data, file: 3 }, "TypeError", /"file": found 3, need a text/],
    [{ ...data, target: "" }, "TypeError", /"target": found "", need a text/],
    [{ ...data, test: false }, "TypeError", /"test": found false, need a text/],
    [{ ...data, testFraction: 1 }, "RangeError", /found 1, need 0 or more, less than 1/],
    [{ ...data, testFraction: "0.2" }, "RangeError", /"testFraction": found "0.2"/],
    [{ ...data, testFraction: NaN }, "RangeError", /"testFraction": found NaN/],
    [
      { ...data, missing: "mean" },
      "RangeError",
      /"missing": found "mean", need "median" or "error"/,
    ],
    [
      { ...data, categorical: "a" },
      "TypeError",
      /"a", need a list of columns, \[\] for none, or "auto"$/,
    ],
    [{ ...data, ignore: [3] }, "TypeError", /"ignore": found \[3\], need a list of columns/],
    [{ ...data, epoch: 3 }, "TypeError", /"epoch".*did you mean "epochs"/],
    [{ ...data, epochs: "3" }, "TypeError", /"epochs": found "3"/],
    [{ ...data, epsilon: 0 }, "RangeError", /"epsilon": found 0/],
  ];
  for (const [given, name, message] of cases) {
    assert.throws(() => completeConfig(given), { name, message }, JSON.stringify(given));
  }
});

Deno.test("completeConfig refuses to ignore the target", () => {
  const config = { file: "a.csv", target: "class", ignore: ["id", "class"] };
  assert.throws(() => completeConfig(config), {
    name: "TypeError",
    message: 'Cannot ignore column "class": found it as the target, need another column',
  });
});

Deno.test("completeConfig refuses what names no strategy", () => {
  const sha256 = "0".repeat(64);
  for (
    const sound of [{ name: "a" }, { path: "a.ts", sha256 }, { path: "a.ts", sha256, earlier: [] }]
  ) {
    assert.deepEqual(completeConfig({ ...data, strategy: sound }).strategy, sound);
  }
  for (
    const [strategy, says] of [
      ["a.ts", 'found "a.ts", need an object with path and sha256'],
      [[], "found [], need an object with path and sha256"],
      [{ path: "a.ts" }, 'found {"path":"a.ts"}, need path and sha256, or the name of a script'],
      [{ name: "a", sha256 }, "need path and sha256, or the name of a script"],
      [{}, "found {}, need path and sha256, or the name of a script"],
      [{ path: "a.ts", sha256: "12" }, 'found "12", need 64 hexadecimal digits as sha256'],
      [{ path: "", sha256 }, 'found "", need a text as path'],
      [{ name: "a", file: "a.ts" }, 'found "file", need the keys name, path, export and sha256'],
      [{ name: "a", earlier: [1] }, "found [1], need a list of texts as earlier"],
      [{ name: "a".repeat(5000) }, '...", need a text as name'],
      [{ path: "a".repeat(5000), sha256 }, '...", need a text as path'],
      [{ name: "a", earlier: ["a".repeat(5000)] }, "need a list of texts as earlier"],
    ] as const
  ) {
    assert.throws(() => completeConfig({ ...data, strategy }), ({ name, message }: Error) => {
      assert.ok(name === "TypeError" && message.includes(says), message);
      return message.startsWith('Cannot use setting "strategy": ');
    });
  }
});
