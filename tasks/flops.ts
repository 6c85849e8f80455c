/** `deno task flops`: counts the operations of training, without training. */
import { completeSettings } from "../mod.ts";
import { PAPER_DENSE_FLOPS, type PaperFlops, paperFlops } from "../lib/experiments/paper/mod.ts";
import { type PlannedFlops, plannedFlops } from "../lib/experiments/run/mod.ts";
import { totalFlops } from "../lib/counters/mod.ts";
import { runProgram, say, taskProgram, warn } from "./terminal/command_line.ts";
import { parseNumber } from "./terminal/parse.ts";
import { plainTable } from "./terminal/result_table.ts";
import { idleOptions, settingOptions, settingsGiven } from "./terminal/setting_options.ts";

const program = taskProgram(
  "flops",
  "Counts the floating-point operations of training, without training. Without options: of the " +
    "paper's networks on Gesture Phase, beside the paper's figures.",
  "--columns 20 --rows 5000 --classes 2 --method set",
)
  .option("--columns <count>", "feature columns of the table", parseNumber)
  .option("--rows <count>", "its rows, those held out for validation included", parseNumber)
  .option("--classes <count>", "its classes", parseNumber)
  .option("--json", "print one JSON object");

for (const option of settingOptions()) program.addOption(option);

program.action((options) => {
  const { columns, rows, classes, json } = options;
  const given = settingsGiven(options as Record<string, unknown>);
  if (columns === undefined && rows === undefined && classes === undefined) {
    if (Object.keys(given).length > 0) {
      throw new TypeError("Cannot count training: need --columns, --rows and --classes too");
    }
    const networks = paperFlops();
    say(json ? JSON.stringify({ networks, paper: PAPER_DENSE_FLOPS }) : paperTable(networks));
    return;
  }
  if (columns === undefined || rows === undefined || classes === undefined) {
    throw new TypeError("Cannot count training: need all of --columns, --rows and --classes");
  }
  const settings = completeSettings(given);
  for (const sentence of idleOptions(given, settings)) warn(sentence);
  const planned = plannedFlops(settings, { columns, rows, classes });
  say(json ? JSON.stringify({ settings, ...planned }) : plannedTable(planned));
});

function plannedTable({ weights, trainingRows, step, steps, phases, counted }: PlannedFlops) {
  const total = totalFlops(step);
  const rows = Object.entries(phases).filter(([phase]) => phase !== "topology")
    .map(([phase, count]) => [phase, number(step[phase as keyof typeof step]), number(count)]);
  rows.push(["all", number(total), `${number(counted)} = ${counted.toExponential(2)}`]);
  return [
    `${number(weights)} weights; ${number(trainingRows)} rows to train on, ${number(steps)} steps`,
    plainTable(["phase", "a step of a full batch", "the run"], rows),
    "A multiply-add is two operations. Topology changes come on top.",
  ].join("\n");
}

function paperTable(networks: readonly PaperFlops[]): string {
  const [dense] = networks;
  const rows = networks.map(({ epsilon, planned, steps, share, paperShare }) => [
    epsilon === null ? "dense" : `ε = ${epsilon}`,
    number(planned.weights),
    number(totalFlops(planned.step)),
    steps.toExponential(2),
    share.toFixed(3),
    (PAPER_DENSE_FLOPS * paperShare).toExponential(2),
    paperShare.toFixed(2),
  ]);
  const ratio = dense.steps / PAPER_DENSE_FLOPS;
  return [
    "Gesture Phase, 50-1000-1000-1000-5, 7,898 rows in batches of 128, 350 epochs",
    plainTable(
      ["network", "weights", "a step", "the run", "of dense", "paper: run", "paper: of dense"],
      rows,
    ),
    `Our count of the dense run is ${
      ratio.toFixed(2)
    } times the paper's: a multiply-add is two here.`,
    "Topology changes and the scores of held-out rows come on top.",
  ].join("\n");
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}

await runProgram(program);
