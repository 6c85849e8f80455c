/**
 * The peak memory of `predict` and `evaluate` on tables that are larger than it: made data in the shape of HIGGS, as NPY
 * and as CSV. Each is a process of its own, of which the system tells the peak.
 *
 * deno run --allow-all results/streams/answers.ts FOLDER --rows 3600000
 * writes results/streams/answers.json. FOLDER takes six times the bytes of the rows.
 */
import { parseArgs } from "node:util";
import { describeMachine, machineLine } from "../../lib/benchmarks/measuring/mod.ts";
import { writeFileAtomically } from "../../lib/files/mod.ts";
import { COLUMNS, makeRows } from "./made_rows.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const { values, positionals: [folder] } = parseArgs({
  allowPositionals: true,
  options: { rows: { type: "string", default: "3600000" } },
});
const rows = Number(values.rows);

/** Writes the first rows of `X.npy` and `y.npy` as CSV. */
function makeCsv(count: number, path: string, withTarget: boolean): void {
  const bytes = Deno.readFileSync(`${folder}/X.npy`);
  const features = new Float32Array(bytes.buffer, 128);
  const labels = Deno.readFileSync(`${folder}/y.npy`).subarray(128);
  const names = Array.from({ length: COLUMNS }, (_, column) => `x${column}`);
  using file = Deno.openSync(path, { write: true, create: true, truncate: true });
  let lines = [[...names, ...withTarget ? ["y"] : []].join(",")];
  for (let row = 0; row < count; row++) {
    const own = features.subarray(row * COLUMNS, (row + 1) * COLUMNS);
    const line = Array.from(own, (value) => value.toPrecision(7)).join(",");
    lines.push(withTarget ? `${line},${labels[row]}` : line);
    if (lines.length < 10_000 && row < count - 1) continue;
    const text = new TextEncoder().encode(`${lines.join("\n")}\n`);
    for (let done = 0; done < text.length;) done += file.writeSync(text.subarray(done));
    lines = [];
  }
}

/** Runs a task, and watches the peak of its resident memory and its processor seconds. */
async function watched(task: string, ...words: string[]) {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "--quiet", "--allow-all", `${ROOT}tasks/${task}.ts`, ...words],
    ...{ stdout: "piped", stderr: "piped" },
  }).spawn();
  let [peak, ticks] = [0, 0];
  const look = setInterval(() => {
    try {
      const status = Deno.readTextFileSync(`/proc/${child.pid}/status`);
      peak = 1024 * Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? peak / 1024);
      const stat = Deno.readTextFileSync(`/proc/${child.pid}/stat`).split(") ")[1].split(" ");
      ticks = Number(stat[11]) + Number(stat[12]);
    } catch {
      // It has ended.
    }
  }, 20);
  const { success, stderr, stdout } = await child.output();
  clearInterval(look);
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return { peakBytes: peak, cpuSeconds: ticks / 100, stdout: new TextDecoder().decode(stdout) };
}

await Deno.mkdir(folder, { recursive: true });
makeRows(folder, rows);
makeCsv(20_000, `${folder}/train.csv`, true);
makeCsv(rows, `${folder}/table.csv`, true);
const run = `${folder}/run`;
await Deno.remove(run, { recursive: true }).catch(() => {});
await watched("train", `${folder}/train.csv`, "--target", "y", "--out", run);
const model = `${run}/model.safetensors`;
const measured = [];
for (const [format, file] of [["NPY", "X.npy"], ["CSV", "table.csv"]] as const) {
  for (const part of [0.1, 1]) {
    const table = part === 1 ? `${folder}/${file}` : `${folder}/part-${file}`;
    if (part < 1) {
      // A tenth of the rows.
      if (format === "CSV") makeCsv(rows / 10, table, true);
      else {
        await Deno.mkdir(`${folder}/part`, { recursive: true });
        makeRows(`${folder}/part`, rows / 10);
      }
    }
    const path = part < 1 && format === "NPY" ? `${folder}/part/X.npy` : table;
    const out = `${folder}/predicted.csv`;
    const tableBytes = (await Deno.stat(path)).size;
    const common = { format, rows: rows * part, tableBytes };
    const { stdout: _, ...predicted } = await watched("predict", model, path, "--out", out);
    measured.push({
      ...common,
      task: "predict",
      ...predicted,
      outBytes: (await Deno.stat(out)).size,
    });
    const { stdout, ...evaluated } = await watched("evaluate", model, path, "--json");
    measured.push({ ...common, task: "evaluate", ...evaluated, ...scoresOf(stdout) });
  }
}
const machine = machineLine(describeMachine());
const record = { machine, columns: COLUMNS, measured };
const text = `${JSON.stringify(record, null, 2)}\n`;
writeFileAtomically(`${ROOT}results/streams/answers.json`, text);
// deno-lint-ignore no-console -- A script that is run by hand.
console.log(text);

function scoresOf(text: string): { accuracy: number; members: number } {
  const { accuracy, members } = JSON.parse(text);
  return { accuracy, members: members.length };
}
