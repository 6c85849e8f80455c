/**
 * Training on streamed rows beside training on the same rows in memory: made data in the shape of HIGGS, 28 columns of
 * 32-bit floats. Each side is a process of its own, of which the system tells the peak of resident memory.
 * Processor seconds are compared as well as elapsed ones: other work on the machine does not count in them.
 *
 * deno run --allow-all results/streams/measure.ts FOLDER --rows 11000000 --memory 120MB --pairs 3
 * writes results/streams/rows-11000000.json. FOLDER takes four times the bytes of the rows.
 */
import { parseArgs } from "node:util";
import { describeMachine, machineLine } from "../../lib/benchmarks/measuring/mod.ts";
import { processorSeconds } from "../../lib/counters/mod.ts";
import { openRun, train } from "../../lib/ensemble/mod.ts";
import { writeFileAtomically } from "../../lib/files/mod.ts";
import { chooseKernels } from "../../lib/kernels/mod.ts";
import { completeSettings } from "../../lib/settings/mod.ts";
import {
  memoryBytes,
  openStream,
  openStreamedRows,
  type StreamRequest,
} from "../../lib/streams/mod.ts";
import { COLUMNS, makeRows } from "./made_rows.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const { values, positionals: [folder] } = parseArgs({
  allowPositionals: true,
  options: {
    rows: { type: "string", default: "11000000" },
    memory: { type: "string", default: "120MB" },
    pairs: { type: "string", default: "3" },
    side: { type: "string" },
  },
});
const rows = Number(values.rows);
const SETTINGS = completeSettings({
  ...{ method: "set", hidden: [128, 128], epsilon: 10, members: 1, epochs: 1, batchSize: 256 },
  ...{ scaling: "quantile", validationFraction: 0.01 },
});

/** Elapsed and processor seconds of some work. */
function clock() {
  const [elapsed, cpu] = [performance.now(), processorSeconds()];
  return () => ({
    seconds: (performance.now() - elapsed) / 1000,
    cpuSeconds: processorSeconds() - cpu,
  });
}

/** The system's peak of this process's resident memory. */
function peakBytes(): number {
  const status = Deno.readTextFileSync("/proc/self/status");
  return 1024 * Number(/VmHWM:\s+(\d+) kB/.exec(status)![1]);
}

/** One side, in a process of its own: rows are streamed, or all of them are in memory. */
async function oneSide(side: string) {
  const request: StreamRequest = {
    file: `${folder}/X.npy`,
    options: { target: "y" },
    memory: memoryBytes(values.memory),
    ...{ seed: 1, scaling: SETTINGS.scaling, testFraction: 0.01, validationFraction: 0.01 },
  };
  const preparing = clock();
  const path = `${folder}/rows.f32`;
  const table = await openStream(request, path);
  const prepared = { ...preparing(), peakBytes: peakBytes(), rankError: table.rankError };
  const { layout, validation } = table;
  const all = side === "in memory"
    ? Math.ceil(layout.rows / layout.blockRows)
    : layout.windowBlocks;
  using streamed = openStreamedRows(path, { ...layout, windowBlocks: all });
  const training = side === "in memory" ? streamed.stream.window(null, 0).rows : streamed;
  using run = openRun(
    { training, validation, classes: 2 },
    SETTINGS,
    chooseKernels("auto").kernels,
  );
  const learning = clock();
  let score: number | null = null;
  for (const event of train(run)) if (event.type === "epoch") score = event.validationAccuracy;
  const learned = learning();
  return {
    side,
    prepared,
    trained: {
      ...learned,
      rows: layout.rows,
      rowsPerSecond: layout.rows / learned.seconds,
      rowsPerCpuSecond: layout.rows / learned.cpuSeconds,
      validationAccuracy: score,
      fileBytes: (await Deno.stat(path)).size,
      windowBytes: 4 * layout.windowBlocks * layout.blockRows * (layout.columns + 2),
    },
    peakBytes: peakBytes(),
  };
}

async function inProcess(side: string): Promise<Awaited<ReturnType<typeof oneSide>>> {
  const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-check", "--allow-all", import.meta.filename!, folder, "--side", side],
      ...["--rows", values.rows, "--memory", values.memory],
    ],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

if (values.side !== undefined) {
  // deno-lint-ignore no-console -- A script that is run by hand.
  console.log(JSON.stringify(await oneSide(values.side)));
} else {
  await Deno.mkdir(folder, { recursive: true });
  makeRows(folder, rows);
  const first = await inProcess("streamed");
  const sides = [first, await inProcess("in memory")];
  for (let pair = 1; pair < Number(values.pairs); pair++) {
    sides.push(await inProcess("streamed"), await inProcess("in memory"));
  }
  const record = {
    machine: machineLine(describeMachine()),
    rows,
    columns: COLUMNS,
    cells: rows * COLUMNS,
    memory: values.memory,
    sides,
  };
  const text = `${JSON.stringify(record, null, 2)}\n`;
  writeFileAtomically(`${ROOT}results/streams/rows-${rows}.json`, text);
  // deno-lint-ignore no-console -- A script that is run by hand.
  console.log(text);
}
