/** Methods of other libraries in comparisons: which of them, and what if they are not there. */
import assert from "node:assert/strict";
import { writeFile } from "../../files.ts";
import { runTask } from "../run_task.ts";
import { ARGS, folderWithContenders } from "./compared.ts";

Deno.test("what is not installed is left out with the command that installs it", async () => {
  const from = folderWithContenders();
  const { stdout } = await new Deno.Command("python3", {
    args: ["-c", "import sys; print(sys.executable)"],
  }).output();
  const python = new TextDecoder().decode(stdout).trim();
  // An interpreter without any library.
  writeFile(`${from}/python3`, `#!/bin/sh\nexec '${python}' -S -E "$@"\n`);
  await Deno.chmod(`${from}/python3`, 0o755);
  const env = { PATH: `${from}:${Deno.env.get("PATH")}` };
  const args = ARGS.slice(0, -1).concat("--seeds", "1");
  const { code, stderr } = await runTask("compare", args, { from, env });
  assert.equal(code, 0, stderr);
  const packages = { "scikit-learn": "sklearn", XGBoost: "xgboost", CatBoost: "catboost" };
  for (const [name, module] of Object.entries(packages)) {
    const wanted =
      `${name} is left out: found no module "${module}", need it: python3 -m pip install ` +
      (module === "sklearn" ? name : module);
    assert.ok(stderr.split("\n").includes(wanted), stderr);
  }
  const named = await runTask("compare", [...args, "--peers", "lightgbm"], { from, env });
  assert.equal(named.code, 2);
  assert.match(
    named.stderr,
    /^Cannot compare with LightGBM: found no module "lightgbm", need it: /,
  );
});

Deno.test("peers are chosen by name, and the older name of --no-peers holds", async () => {
  const from = folderWithContenders();
  const args = ARGS.slice(0, -1).concat("--seeds", "1");
  const wrong: [string[], RegExp][] = [
    [["--peers", "catbost"], /^Cannot compare with the peer "catbost": need one of "hist", /],
    [
      ["--no-peers", "--equal-budget", "theirs"],
      /for as long as "theirs": need one of "ours"|LightGBM/,
    ],
    [["--without", "x"], /^Cannot use --without here: need --from-records\n$/],
  ];
  for (const [more, message] of wrong) {
    const { code, stderr } = await runTask("compare", [...args, ...more], { from });
    assert.equal(code, 2, stderr);
    assert.match(stderr, message);
  }
  for (const none of ["--no-peers", "--no-trees"]) {
    const { code, stdout, stderr } = await runTask("compare", [...args, none], { from });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /│ ours /);
    assert.doesNotMatch(stdout + stderr, /Forest|left out/);
  }
});
