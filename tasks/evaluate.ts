/** `deno task evaluate`: scores a saved ensemble on a table whose targets are known. */
import { noCount, NOT_ASKED, openHardwareFlops } from "../lib/counters/mod.ts";
import { passDataset } from "../lib/data/formats/mod.ts";
import { unusualCounts } from "../lib/data/preprocessing/mod.ts";
import {
  datasetColumns,
  memberNumbers,
  runningClassScore,
  runningNumberScore,
} from "../lib/model/mod.ts";
import type { RegressionErrors } from "../lib/prediction/mod.ts";
import { runProgram, say, taskProgram, tell, userPath } from "./terminal/command_line.ts";
import { tableInput } from "./terminal/table_input.ts";
import { isTrainingFile, loadModel, runConfigOf } from "./terminal/model_argument.ts";
import { readingDisplay } from "./terminal/progress_display.ts";
import { Option } from "./terminal/commander.ts";
import { unusualLines } from "./terminal/column_lines.ts";
import {
  assessmentLines,
  coverageLines,
  errorCells,
  ERRORS,
  hardwareLine,
  percent,
  plainTable,
  probabilityLine,
  votesNote,
} from "./terminal/result_table.ts";
import { printableList, quoted, shellWord } from "../lib/messages.ts";

const program = taskProgram(
  "evaluate",
  "Scores a saved ensemble on a table whose targets are known.",
  "runs/first/model.safetensors more.csv",
)
  .argument("<MODEL>", "a run's folder, or its model.safetensors")
  .argument(
    "<FILE>",
    "a table with the model's columns, in any order: .csv, .csv.gz, .arff, .npy, .npz, .idx, .mat, .parquet; -: CSV from standard input",
  )
  .addOption(
    new Option("--flops <count>", "whose count of operations to report beside the exact one")
      .choices(["counted", "hardware", "both"] as const).default("counted" as const),
  )
  .addOption(
    new Option("--missing-target <rule>", "rows without a target are refused or left out")
      .choices(["error", "skip"] as const).default("error" as const),
  )
  .option("--weights <column>", "the column with the weights of rows")
  .option("--json", "print one JSON object")
  .action(async (modelPath, file, options) => {
    const model = loadModel(modelPath);
    const reading = readingDisplay();
    const { targetScaling } = model;
    const counter = options.flops === "counted" ? NOT_ASKED : openHardwareFlops();
    const hardware = "unavailable" in counter ? undefined : counter;
    const running = () =>
      targetScaling === undefined
        ? { isNumber: false as const, score: runningClassScore(model) }
        : { isNumber: true as const, score: runningNumberScore(model) };
    let scored = running();
    let unusual = unusualCounts(model.preprocessing);
    let [operations, seconds] = [0, 0];
    const { rows, ignoredColumns, remarks } = await passDataset(await tableInput(file), {
      ...datasetColumns(model),
      missingTarget: options.missingTarget,
      weights: options.weights,
      onProgress: (progress) => reading(file, progress),
    }, {
      begin() {
        scored.score[Symbol.dispose]();
        scored = running();
        unusual = unusualCounts(model.preprocessing);
        [operations, seconds] = [0, 0];
      },
      take(block) {
        unusual.add(block.features);
        const began = performance.now();
        const before = hardware?.read() ?? 0;
        scored.score.add(block);
        operations += (hardware?.read() ?? 0) - before;
        seconds += (performance.now() - began) / 1000;
      },
    });
    const result = scored.isNumber
      ? { numbers: scored.score.score() }
      : { classes: scored.score.score() };
    scored.score[Symbol.dispose]();
    const count = "unavailable" in counter
      ? noCount(counter)
      : { hardware: operations, event: counter.event, reason: null };
    for (const remark of remarks) tell(remark);
    if (ignoredColumns.length > 0) tell(`Ignored columns: ${printableList(ignoredColumns)}`);
    const run = runConfigOf(modelPath);
    if (run !== null && file !== "-" && isTrainingFile(userPath(file), run)) {
      tell("The model was trained on rows of this table: these scores flatter it");
    }
    const trained = options.weights === undefined ? run?.weights : undefined;
    if (trained !== undefined && ignoredColumns.includes(trained)) {
      tell(
        `Rows are not weighted here; the model was trained with weights: --weights ${
          shellWord(trained)
        } weighs all scores`,
      );
    }
    for (const line of unusualLines(unusual.counts())) tell(line);
    const { flops: counted, members, assessment, coverage, ...scores } =
      result.classes === undefined
        ? result.numbers
        : { ...result.classes, members: result.classes.members.map((accuracy) => ({ accuracy })) };
    const numbers = memberNumbers(model);
    if (options.json) {
      say(JSON.stringify({
        ...recordNames(scores),
        assessment,
        coverage,
        testRows: rows,
        weighted: options.weights === undefined ? undefined : true,
        members: members.map((own, m) => ({ number: numbers[m], ...recordNames(own) })),
        flops: { counted, ...count, perSecond: counted / seconds },
        ignoredColumns,
        unusualValues: unusual.counts(),
      }));
      return;
    }
    const cells = (one: { accuracy: number } | RegressionErrors) =>
      "accuracy" in one ? [percent(one.accuracy)] : errorCells(one);
    const lines = members.map((member, m) => [`member ${numbers[m]}`, ...cells(member)]);
    lines.push([`ensemble of ${members.length}`, ...cells(scores)]);
    const head = targetScaling === undefined ? ["accuracy"] : ERRORS;
    say(plainTable([`${rows} rows`, ...head], lines));
    votesNote(model).forEach(say);
    if (options.weights !== undefined) {
      say(`Rows are weighted by column ${quoted(options.weights)} in all scores`);
    }
    if ("interval" in assessment && assessment.interval !== null) {
      const [low, high] = [assessment.interval.low, assessment.interval.high].map(percent);
      say(`Accuracy of the ensemble: 95 % interval over these rows (Wilson) ${low} to ${high}`);
    }
    if ("logLoss" in scores) say(probabilityLine(scores));
    assessmentLines(assessment).forEach(say);
    coverageLines(coverage).forEach(say);
    say(`FLOPs of all members: ${counted.toExponential(3)}`);
    hardwareLine(count).forEach(say);
  });

/** The scores with the names of a run's record. */
function recordNames(scores: { accuracy: number } | RegressionErrors): object {
  if (!("accuracy" in scores)) return { accuracy: null, regression: scores };
  const { accuracy, ...probabilities } = scores;
  return Object.keys(probabilities).length === 0 ? { accuracy } : { accuracy, probabilities };
}

await runProgram(program);
