/** The committed benchmark, tested again by SciPy from its runs alone. */
import assert from "node:assert/strict";
import { methodReport, readMethodRuns } from "../../../lib/experiments/side_by_side/mod.ts";
import { methodNamed, METHODS } from "../../../lib/methods/mod.ts";
import { ROOT } from "../../tasks/run_task.ts";

const FOLDER = `${ROOT}results/methods`;
const SCRIPT = new URL("fixtures/test_runs.py", import.meta.url).pathname;

function python(args: readonly string[]): { success: boolean; stdout: Uint8Array } {
  try {
    return new Deno.Command("python3", { args: [...args], stderr: "null" }).outputSync();
  } catch {
    return { success: false, stdout: new Uint8Array() };
  }
}

Deno.test({
  name: "differences and adjusted p-values of the benchmark are SciPy's (needs python3)",
  ignore: !python(["-c", "import scipy.stats"]).success,
  fn() {
    const { success, stdout } = python([SCRIPT, `${FOLDER}/runs.jsonl`]);
    assert.ok(success);
    const theirs: Record<string, Record<string, Record<string, [number, number]>>> = JSON.parse(
      new TextDecoder().decode(stdout),
    );
    const { rows } = methodReport(readMethodRuns(FOLDER));
    const titles = new Map(METHODS.map((name) => [methodNamed(name).title, name]));
    let compared = 0;
    for (const row of rows) {
      if (row.method === "SET-MLP") continue;
      const [title] = `${row.method}`.split(", 4 members");
      const name = titles.get(title)!;
      const isMany = row.family === "ensembles" || title !== row.method;
      const own = theirs[`${row.density}`][`${name} ${isMany ? 4 : 1}`];
      const ours = [[row.difference, row.p], [row.lossDifference, row.lossP]] as number[][];
      for (const [place, key] of ["accuracy", "logLoss"].entries()) {
        ours[place].forEach((value, i) => {
          const message = `${row.density} ${row.method} ${key}: ${ours[place]} and ${own[key]}`;
          assert.ok(Math.abs(value - own[key][i]) < 1e-9, message);
          compared++;
        });
      }
    }
    assert.equal(compared, 4 * Object.values(theirs).flatMap(Object.keys).length);
  },
});
