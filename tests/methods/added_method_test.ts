/**
 * A method is added to a copy of the library by one file and one line, with a setting of its own. All that
 * tells of methods then knows it.
 */
import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { newFolder, readText, writeFile } from "../files.ts";
import { ROOT } from "../tasks/run_task.ts";

const FILE = `
import { integer, number, optional } from "../setting.ts";
import { growRandom, pruneMagnitude } from "../topology/mod.ts";
import type { Method } from "./method.ts";

interface HastySettings {
  readonly haste: number;
  readonly pause?: number | undefined;
}

export const HASTY: Method<"hasty", HastySettings> = {
  name: "hasty",
  title: "Hasty training",
  family: "sparse to sparse",
  source: "Nobody, https://example.org",
  says: "in haste",
  layers: "sparse",
  members: "independent",
  settings: {
    haste: number("The haste", 0.5, 0, 1),
    pause: optional(integer("The pause", 1, 1, 10)),
  },
  paper: { members: 2, explore: 0 },
  published: { pruneRate: 0.7 },
  only: { dropout: [0.1, 0.3] },
  strategy: ({ haste }) => ({
    name: \`hasty \${haste}\`,
    update: { prune: (layer, share) => pruneMagnitude(layer, share * haste), grow: growRandom },
  }),
  label: ({ haste }) => \`Hasty, \${haste}\`,
};
`;

/** The compiler knows the setting. */
const TYPED = `
import { completeSettings, type Settings } from "./lib/settings/mod.ts";

export const GIVEN: Partial<Settings> = { method: "hasty", haste: 0.25 };
export const HASTE: number | undefined = completeSettings(GIVEN).haste;
`;

const USE = `
import { completeSettings, datasetFromArrays, fit, METHODS } from "./mod.ts";
import { GIVEN } from "./typed.ts";
import { methodOf } from "./lib/methods/mod.ts";
import { runTitle } from "./lib/experiments/results/run_labels.ts";
import { completeConfig, runHash } from "./lib/experiments/run/mod.ts";
import { settingOptions } from "./tasks/terminal/setting_options.ts";
import { methodTables, settingTables } from "./tests/documentation/code_tables.ts";

const features = Array.from({ length: 60 }, (_, row) => [row % 20, Math.floor(row / 20)]);
const labels = features.map(([x]) => x < 10 ? "left" : "right");
const given = { ...GIVEN, hidden: [8], epochs: 2, batchSize: 8 };
const model = await fit(datasetFromArrays({ features, labels }), given);
const config = completeConfig({ file: "table.csv", target: "class", ...given });
const refused = (settings: object) => {
  try { completeSettings(settings); } catch (error) { return (error as Error).message; }
};
console.log(JSON.stringify({
  last: METHODS.at(-1),
  members: model.members.length,
  stored: model.settings.haste,
  strategy: methodOf(model.settings).topology.name,
  label: runTitle(config),
  modern: [completeSettings({ method: "hasty", recipe: "modern" })]
    .map(({ haste, pruneRate, dropout }) => [haste, pruneRate, dropout])[0],
  pause: ["pause" in config, completeConfig({ ...config, pause: 3 }).pause],
  dropout: refused({ method: "hasty", dropout: 0.2 }),
  option: settingOptions().find(({ long }) => long === "--haste")?.description,
  row: methodTables()["Which one"].at(-1),
  setting: settingTables()["Settings of some methods"].at(-2),
  foreign: refused({ method: "fd", haste: 0.5 }),
  wrong: refused({ method: "hasty", haste: 2 }),
  growth: refused({ method: "hasty", growth: "gradient" }),
  hash: runHash(completeConfig({ file: "table.csv", target: "class" })),
}));
`;

async function deno(folder: string, command: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [command, "--no-lock", ...args],
    cwd: folder,
    env: { NO_COLOR: "1" },
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

Deno.test("a method is added by one file and one line", async () => {
  const folder = newFolder();
  for (
    const name of ["mod.ts", "lib", "tasks", "tests/documentation", "tests/tasks", "tests/files.ts"]
  ) {
    cpSync(`${ROOT}${name}`, `${folder}/${name}`, { recursive: true });
  }
  const table = `${folder}/lib/methods/methods.ts`;
  writeFile(`${folder}/lib/methods/hasty.ts`, FILE);
  writeFile(
    table,
    readText(table)
      .replace("\n  DENSE_ENSEMBLE,\n", "\n  DENSE_ENSEMBLE,\n  HASTY,\n")
      .replace("\nimport ", '\nimport { HASTY } from "./hasty.ts";\nimport '),
  );
  writeFile(`${folder}/typed.ts`, TYPED);
  writeFile(`${folder}/use.ts`, USE);
  await deno(folder, "check", "typed.ts");
  const stdout = await deno(folder, "run", "--no-check", "--no-prompt", "--allow-read", "use.ts");
  const { hash, ...found } = JSON.parse(stdout);
  assert.deepEqual(found, {
    last: "hasty",
    members: 2,
    stored: 0.25,
    strategy: "hasty 0.25",
    label: "Hasty, 0.25, ε = 20, seed 1 on table",
    modern: [0.5, 0.7, 0.1],
    pause: [false, 3],
    dropout: 'Cannot use setting "dropout": found 0.2, need 0.1 or 0.3 with method "hasty"',
    option: "The haste (hasty) (default: 0.5)",
    row: ["Hasty training", "`hasty`", "independent", "in haste"],
    setting: ["`--haste`", "The haste (with `hasty`)"],
    foreign: 'Cannot use setting "haste": found 0.5, need method "hasty" for it',
    wrong: 'Cannot use setting "haste": found 2, need at most 1 (range: 0 to 1)',
    growth: 'Cannot use setting "growth": found "gradient", need "random" with method "hasty"',
  });
  // The runs of other methods are what they were.
  const { completeConfig, runHash } = await import("../../lib/experiments/run/mod.ts");
  assert.equal(hash, runHash(completeConfig({ file: "table.csv", target: "class" })));
});
