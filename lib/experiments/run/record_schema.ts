import * as v from "../../valibot.ts";
import type { RunRecord } from "./run_record.ts";

const needed = "a finite number";
const number = v.pipe(v.number(needed), v.finite(needed));
const amount = v.pipe(number, v.minValue(0, "a number from 0"));
const share = v.nullable(v.pipe(amount, v.maxValue(1, "a number from 0 to 1, or null")));
const count = v.pipe(amount, v.safeInteger("a whole number"));
const maybe = <S extends v.GenericSchema>(schema: S) => v.optional(v.nullable(schema));
const object = <E extends v.ObjectEntries>(entries: E) => v.object(entries, "an object");
const list = <S extends v.GenericSchema>(schema: S) => v.array(schema, "a list");
const text = v.string("a text");
const errors = maybe(object({ rmse: amount, mae: amount, r2: number }));

const part = v.pipe(amount, v.maxValue(1, "a number from 0 to 1"));
const average = object({ precision: share, recall: share, f1: share });

/** The assessment of predicted classes. */
const classes = v.pipe(
  object({
    classes: list(text),
    weighted: v.optional(v.literal(true, "true")),
    interval: v.nullable(object({ low: part, high: part })),
    baseline: object({ class: text, accuracy: part }),
    confusion: list(list(amount)),
    byClass: list(object({ ...average.entries, rows: amount, predicted: amount })),
    mean: average,
    reliability: list(object({
      from: part,
      to: part,
      rows: v.pipe(count, v.minValue(1, "a number from 1")),
      confidence: part,
      accuracy: part,
      low: v.nullable(part),
      high: v.nullable(part),
    })),
  }),
  v.check(
    ({ classes, confusion, byClass }) =>
      [confusion, byClass, ...confusion].every(({ length }) => length === classes.length),
    "confusions and scores of as many classes as it names",
  ),
);

/** The assessment of predicted numbers. */
const numbers = object({
  weighted: v.optional(v.literal(true, "true")),
  baseline: object({ rmse: amount, mae: amount, r2: number }),
  residuals: list(object({ share: part, residual: number })),
  sample: list(v.tuple([number, number], "a pair of numbers")),
});

/** A property that only one kind has distinguishes the two kinds of assessment. */
const assessment = v.lazy((input) =>
  typeof input === "object" && input !== null && "confusion" in input ? classes : numbers
);

/** The parts of a record that tables and reports use. Older records lack the optional parts. */
const schema = v.pipe(
  object({
    accuracy: share,
    probabilities: maybe(object({ logLoss: number, brier: number, calibrationError: number })),
    regression: errors,
    assessment: maybe(assessment),
    coverage: v.optional(object({
      asked: amount,
      found: amount,
      width: v.optional(amount),
      size: v.optional(amount),
    })),
    testRows: count,
    weighted: v.optional(v.boolean("true or false")),
    members: list(object({
      number: v.optional(count),
      accuracy: share,
      validationAccuracy: share,
      regression: errors,
      validationRmse: maybe(amount),
      epoch: count,
      nnz: count,
      explored: v.optional(amount),
    })),
    trials: v.optional(object({
      heldOut: count,
      tried: list(object({
        candidate: v.record(text, number, "an object"),
        members: list(count),
        accuracy: share,
        loss: number,
        chosen: v.boolean("true or false"),
        kept: v.boolean("true or false"),
      })),
      together: object({ accuracy: share, loss: number }),
    })),
    weights: count,
    density: amount,
    flops: object({
      hardware: v.nullable(amount),
      counted: amount,
      phases: v.record(text, amount, "an object"),
      members: list(amount),
      perSecond: amount,
    }),
    rollbacks: list(v.unknown()),
    seconds: object({
      train: amount,
      topology: amount,
      evaluate: amount,
      total: amount,
      cpu: maybe(amount),
    }),
    peakMemoryBytes: amount,
    kernels: text,
    execution: v.optional(object({ kernels: text, threads: count, processor: v.optional(text) })),
    team: v.optional(object({
      count,
      exchange: v.picklist(["synchronous", "asynchronous"], "the name of an exchange"),
      repeatable: v.boolean("true or false"),
      staleness: v.optional(object({ mean: amount, largest: count, dropped: part })),
    })),
    blockSizes: v.optional(list(count)),
    nnstd: v.optional(part),
    seed: count,
    droppedColumns: list(text),
  }),
  v.check(
    ({ accuracy, testRows }) => accuracy === null || testRows > 0,
    "test rows beside an accuracy",
  ),
);

/**
 * Checks a record that was read from a file.
 *
 * @throws {SyntaxError} If a value in it is missing or impossible.
 */
export function checkRecord(record: object, source: string): RunRecord {
  v.checkContent(schema, record, source, "the record");
  return record as RunRecord;
}
