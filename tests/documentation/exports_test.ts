/** Everything that the package exports is documented, with all the types that it mentions. */
import assert from "node:assert/strict";
import { readJsonFile } from "../files.ts";
import { ROOT } from "../tasks/run_task.ts";

Deno.test("all exports are documented", async () => {
  const { exports } = readJsonFile(`${ROOT}deno.json`);
  const paths = Object.values(exports as Record<string, string>);
  assert.ok(paths.includes("./mod.ts") && paths.length > 15);
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--quiet", "--lint", ...paths],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
});
