import assert from "node:assert/strict";
import { METHOD_TABLE } from "../../lib/methods/mod.ts";
import {
  completeSettings,
  SETTING_GROUPS,
  SETTINGS,
  type Settings,
} from "../../lib/settings/mod.ts";
import { namesIn, readText } from "../files.ts";
import { ROOT } from "../tasks/run_task.ts";

Deno.test("every setting has one owner, and a default that its own check accepts", () => {
  const names = SETTING_GROUPS.flatMap(({ settings }) => Object.keys(settings));
  assert.equal(new Set(names).size, names.length);
  // A setting that runs need not have is in none that does not name it.
  const stored = METHOD_TABLE.flatMap(({ name }) =>
    Object.keys(completeSettings({ method: name }))
  );
  const optional = names.filter((name) => SETTINGS[name as keyof Settings].default === undefined);
  assert.deepEqual(new Set(names), new Set([...stored, ...optional]));
  for (const [name, setting] of Object.entries(SETTINGS)) {
    assert.deepEqual(setting.read(setting.default, name), setting.default);
  }
});

Deno.test("a setting that two methods read is the same setting", () => {
  for (const { settings } of METHOD_TABLE) {
    for (const [name, setting] of Object.entries(settings)) {
      assert.equal(setting, SETTINGS[name as keyof typeof SETTINGS]);
    }
  }
});

Deno.test("the types say of a setting what its sentence says", () => {
  const families = ["dense_to_sparse", "ensembles", "sparse_to_sparse"];
  const code = ["settings", "methods", ...families.map((family) => `methods/${family}`)]
    .flatMap((room) => namesIn(`${ROOT}lib/${room}`).map((file) => `${ROOT}lib/${room}/${file}`))
    .filter((path) => path.endsWith(".ts")).map((path) => readText(path)).join("");
  for (const [name, { says }] of Object.entries(SETTINGS)) {
    const comments = code.matchAll(
      new RegExp(`/\\*\\* ([^*]+) \\*/\\n  readonly ${name}\\??: `, "g"),
    );
    assert.ok([...comments].some(([, text]) => text === `${says}.`), `${name}: ${says}.`);
  }
});

Deno.test("the paper's settings of a method cannot be changed", () => {
  for (const { paper } of METHOD_TABLE) {
    assert.throws(() => (paper as { members: number }).members = 7, TypeError);
  }
});
