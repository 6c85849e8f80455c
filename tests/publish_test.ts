/** The package for JSR, as `deno publish` would send it. */
import assert from "node:assert/strict";
import { namesIn } from "./files.ts";
import { ROOT } from "./tasks/run_task.ts";

Deno.test("deno publish finds no slow type, and sends what the library needs and no more", () => {
  const { success, stdout, stderr } = new Deno.Command(Deno.execPath(), {
    // Types are checked by `deno task check`.
    args: ["publish", "--dry-run", "--allow-dirty", "--no-check"],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).outputSync();
  const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assert.ok(success, said);
  assert.match(said, /Checking for slow types/);
  // What is imported by a name that is worked out is a library, or the user's own.
  const warnings = [...said.matchAll(/^(?:warning|error)\[([\w-]+)\]/gm)].map(([, kind]) => kind);
  assert.deepEqual(warnings.filter((kind) => kind !== "unanalyzable-dynamic-import"), []);
  const sent = [...said.matchAll(/ file:\/\/(\S+) \([\d.]+\wi?B\)/g)]
    .map(([, path]) => decodeURI(path).slice(ROOT.length));
  assert.ok(sent.length > 400, said);
  const others = sent.filter((path) => !/^(lib\/.+\.(ts|json)|docs\/\w+\.md)$/.test(path));
  assert.deepEqual(others.sort(), [
    "LICENSE",
    "README.md",
    "deno.json",
    "lib/data/builtin/README.md",
    "lib/data/builtin/segment.csv.gz",
    "lib/experiments/comparison/tree_peers.py",
    "mod.ts",
  ]);
  assert.ok(sent.every((path) => !/_test\.ts$|^lib\/(benchmarks|notebooks)\//.test(path)));
  const rooms = namesIn(`${ROOT}lib`).filter((name) => !/^(benchmarks|notebooks)$/.test(name));
  for (const room of rooms) assert.ok(sent.some((path) => path.startsWith(`lib/${room}`)), room);
});
