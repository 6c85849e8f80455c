/** `deno task reproduce`: the paper's tables and figures, with our numbers beside the published ones. */
import process from "node:process";
import {
  EXPERIMENTS,
  FURTHER_EXPERIMENTS,
  reportData,
  reproduce,
  type Reproduction,
} from "../lib/experiments/paper/mod.ts";
import { findingLine, type ReportPart } from "../lib/reports/mod.ts";
import { type MethodName, METHODS } from "../mod.ts";
import {
  runProgram,
  sameCommand,
  say,
  taskProgram,
  tell,
  userPath,
  warn,
} from "./terminal/command_line.ts";
import { parseNames, parseNumber, parseNumbers } from "./terminal/parse.ts";
import { Argument } from "./terminal/commander.ts";
import { onInterrupt } from "./terminal/interrupt.ts";
import { terminalWidth, wrapped } from "./terminal/help.ts";
import { plainTable } from "./terminal/result_table.ts";
import { showSweep } from "./sweep/display.ts";
import { workerCommand } from "./sweep/worker_command.ts";

const program = taskProgram(
  "reproduce",
  "Carries out the paper's experiments and prints ours beside the published numbers.",
  "table1 --dataset gesture-phase --seeds 1",
  "all --quick",
)
  .addArgument(new Argument("<NAME>", "the experiment").choices(
    [...EXPERIMENTS, ...FURTHER_EXPERIMENTS, "all"] as const,
  ))
  .option("--dataset <names>", "data sets of the catalogue, separated by commas", parseNames)
  .option("--seeds <numbers>", "one run of everything for each, such as 1,2,3", parseNumbers)
  .option(
    "--epsilon <numbers>",
    "density controls of the sparse methods, such as 10,20",
    parseNumbers,
  )
  .option("--methods <names>", `some of ${METHODS.join(",")}`, parseMethods)
  .option("--workers <count>", "processes that train at once", parseNumber, 1)
  .option("--runs <folder>", "where run folders are", "runs/reproduce")
  .option("--out <folder>", "where reports go", "results")
  .option("--only-finished", "train and measure nothing: report what is finished")
  .option("--from-records", "compute the report again from the records beside it")
  .option("--add-to-records", "keep the records beside the report, and do what they lack")
  .option("--quick", "tiny settings on built-in data: tries the machinery, reproduces nothing")
  .option("--json", "print one JSON object; progress goes to standard error")
  .addHelpText(
    "after",
    `
Stop it with Ctrl-C and call it again: what is finished is not done again.`,
  )
  .action(async (name, options) => {
    const display = showSweep();
    using interrupt = onInterrupt("Stopping, every run at a checkpoint", display.stop);
    const { signal } = interrupt;
    let reproductions: Reproduction[];
    try {
      reproductions = await reproduce(name, {
        runs: userPath(options.runs),
        out: userPath(options.out),
        choice: {
          datasets: options.dataset,
          seeds: options.seeds,
          epsilons: options.epsilon,
          methods: options.methods,
        },
        quick: options.quick,
        onlyFinished: options.onlyFinished,
        fromRecords: options.fromRecords,
        addToRecords: options.addToRecords,
        workers: options.workers,
        command: workerCommand(),
        signal,
        onEvent(event) {
          if (event.type === "sweep") display.onEvent(event.event);
          else if (event.type === "measure") tell(`${event.what} …`);
          else tell([event.name, ...event.selection.datasets].join(" "));
        },
      });
    } finally {
      display.stop();
    }
    if (options.json) say(JSON.stringify(reproductions.map(summary)));
    else for (const reproduction of reproductions) show(reproduction);
    if (signal.aborted) {
      process.exitCode = 130;
      warn(`Stopped. Go on with: ${sameCommand("reproduce")}`);
      return;
    }
    const isAsked = !options.onlyFinished && !options.fromRecords;
    if (isAsked && reproductions.some(({ finished, needed }) => finished < needed)) {
      process.exitCode = 1;
      warn(`Not everything is finished. Try the rest again with: ${sameCommand("reproduce")}`);
    }
  });

function parseMethods(text: string): MethodName[] {
  return parseNames(text).map((word) => {
    const method = METHODS.find((name) => name === word);
    if (method !== undefined) return method;
    throw new RangeError(
      `Cannot choose the method "${word}": need some of ${METHODS.join(", ")}`,
    );
  });
}

function summary({ report, ...reproduction }: Reproduction): object {
  return { ...reproduction, ...reportData(report) };
}

function show({ report, folder, finished, needed }: Reproduction): void {
  sayText(`\n${report.title}`);
  for (const part of report.parts) showPart(part);
  sayText(
    `\n${finished} of ${needed} runs and measurements are finished. The report, its figures and the ` +
      `records behind them are in ${folder}`,
  );
}

/** Prints a text in lines that fit the terminal. */
function sayText(text: string): void {
  const width = terminalWidth();
  const fits = (line: string) => line.length <= width;
  say(text.split("\n").flatMap((line) => fits(line) ? [line] : wrapped(line, width)).join("\n"));
}

function showPart(part: ReportPart): void {
  if (part.kind === "text") {
    sayText(`\n${part.text.replace(/^#+ /gm, "").replaceAll(/\\|\*\*/g, "")}`);
  } else if (part.kind === "findings") {
    for (const finding of part.findings) sayText(findingLine(finding).replaceAll("**", ""));
  } else if (part.kind === "table") {
    const plain = (cell: string) => cell.replaceAll("**", "").replaceAll("\\", "");
    sayText(`\n${part.title}`);
    say(plainTable(part.columns, part.rows.map((row) => row.map(plain))));
  }
}

await runProgram(program);
