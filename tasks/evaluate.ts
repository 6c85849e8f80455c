/** `deno task evaluate`: scores a saved ensemble on a table whose targets are known. */
import { readDataset, scoreMembers, scoreRegression } from "../mod.ts";
import { countHardware, NOT_ASKED, openHardwareFlops } from "../lib/counters/mod.ts";
import { unusualValues } from "../lib/data/preprocessing/mod.ts";
import { datasetColumns, memberNumbers } from "../lib/model/mod.ts";
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
  .argument("<MODEL>", "a model.safetensors file")
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
    const { dataset, ignoredColumns, remarks } = await readDataset(await tableInput(file), {
      ...datasetColumns(model),
      missingTarget: options.missingTarget,
      weights: options.weights,
      onProgress: (progress) => reading(file, progress),
    });
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
    for (const line of unusualLines(model.preprocessing, dataset.features)) tell(line);
    const counter = options.flops === "counted" ? NOT_ASKED : openHardwareFlops();
    const began = performance.now();
    const { result, count } = countHardware(
      counter,
      () =>
        targetScaling === undefined
          ? { classes: scoreMembers(model, dataset) }
          : { numbers: scoreRegression(model, dataset) },
    );
    const seconds = (performance.now() - began) / 1000;
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
        testRows: dataset.rows,
        weighted: options.weights === undefined ? undefined : true,
        members: members.map((own, m) => ({ number: numbers[m], ...recordNames(own) })),
        flops: { counted, ...count, perSecond: counted / seconds },
        ignoredColumns,
        unusualValues: unusualValues(model.preprocessing, dataset.features),
      }));
      return;
    }
    const cells = (one: { accuracy: number } | RegressionErrors) =>
      "accuracy" in one ? [percent(one.accuracy)] : errorCells(one);
    const rows = members.map((member, m) => [`member ${numbers[m]}`, ...cells(member)]);
    rows.push([`ensemble of ${members.length}`, ...cells(scores)]);
    const head = targetScaling === undefined ? ["accuracy"] : ERRORS;
    say(plainTable([`${dataset.rows} rows`, ...head], rows));
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

/** Scores by the names that a run's record has. */
function recordNames(scores: { accuracy: number } | RegressionErrors): object {
  if (!("accuracy" in scores)) return { accuracy: null, regression: scores };
  const { accuracy, ...probabilities } = scores;
  return Object.keys(probabilities).length === 0 ? { accuracy } : { accuracy, probabilities };
}

await runProgram(program);
