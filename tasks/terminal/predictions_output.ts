/**
 * The output of `deno task predict`, which grows while the table is read.
 *
 * @module
 */
import type { Model } from "../../mod.ts";
import { csvLine } from "../../lib/csv_line.ts";
import { beginFile, type GrowingFile } from "../../lib/files/mod.ts";
import { say } from "./command_line.ts";

/** The predictions of neighbouring rows. */
export interface Predictions {
  /** The classes' names, or the numbers. */
  readonly values: readonly (string | number)[];
  /** Length rows × classes; `null` if probabilities were not requested. */
  readonly probabilities: Float32Array | null;
  /** Further columns, by their names: the ends of intervals, or sets of classes. */
  readonly more: ReadonlyMap<string, readonly (number | readonly string[])[]>;
}

/** Receives predictions in the order of their rows. */
export interface PredictionsOutput extends Disposable {
  /**
   * Receives the predictions of the next rows.
   *
   * @param texts The texts of the kept columns.
   */
  take(texts: readonly (readonly string[])[], predictions: Predictions): void;
  /** Ends the output. Before, a file has a temporary name, and is removed if the output is disposed of. */
  finish(): void;
}

/**
 * The number of letters that are held back from standard output, so that a small broken table prints
 * nothing.
 */
const HELD = 2 ** 24;

/**
 * Begins the output.
 *
 * @param kept The names of the kept columns, which come first.
 * @param path The file; `undefined` for standard output.
 * @param json `true`: one JSON object. It begins with the number of rows, so all of it is in memory.
 */
export function predictionsOutput(
  model: Model,
  kept: readonly string[],
  path: string | undefined,
  json: boolean,
): PredictionsOutput {
  const lines = path === undefined ? printedLines() : writtenLines(path);
  // The true target may be among the kept columns.
  const name = kept.includes(model.target) ? `predicted ${model.target}` : model.target;
  const output = json ? jsonObject(model, kept, name, lines) : csvTable(model, kept, name, lines);
  return { ...output, [Symbol.dispose]: () => lines[Symbol.dispose]() };
}

/** Receives lines of text, without line endings. */
interface Lines extends Disposable {
  add(lines: readonly string[]): void;
  finish(): void;
}

function printedLines(): Lines {
  let held: string[] = [];
  let letters = 0;
  const flush = () => {
    if (held.length > 0) say(held.join("\n"));
    held = [];
    letters = 0;
  };
  return {
    add(lines) {
      const text = lines.join("\n");
      held.push(text);
      letters += text.length;
      if (letters > HELD) flush();
    },
    finish: flush,
    [Symbol.dispose]() {},
  };
}

function writtenLines(path: string): Lines {
  // The file is begun late, so that a table that cannot be read changes nothing.
  let file: GrowingFile | undefined;
  const encoder = new TextEncoder();
  return {
    add(lines) {
      file ??= beginFile(path);
      file.write(encoder.encode(lines.join("\n") + "\n"));
    },
    finish: () => file?.finish(),
    [Symbol.dispose]: () => file?.[Symbol.dispose](),
  };
}

function csvTable(model: Model, kept: readonly string[], name: string, lines: Lines) {
  const { classes } = model;
  let isBegun = false;
  return {
    take(texts: readonly (readonly string[])[], { values, probabilities, more }: Predictions) {
      if (!isBegun) {
        const shares = probabilities === null ? [] : classes.map((own) => `probability of ${own}`);
        lines.add([csvLine([...kept, name, ...more.keys(), ...shares])]);
      }
      isBegun = true;
      lines.add(values.map((value, row) => {
        const from = row * classes.length;
        const own = [...probabilities?.subarray(from, from + classes.length) ?? []];
        const before = texts.map((column) => column[row]);
        // A set is itself a line of CSV, so that it can hold any label.
        const further = Array.from(more.values(), (column) => {
          const cell = column[row];
          return typeof cell === "number" ? `${cell}` : csvLine(cell);
        });
        return csvLine([...before, `${value}`, ...further, ...own.map((p) => p.toPrecision(6))]);
      }));
    },
    finish: () => lines.finish(),
  };
}

function jsonObject(model: Model, kept: readonly string[], name: string, lines: Lines) {
  const { classes, target } = model;
  const predicted: string[] = [];
  return {
    take(texts: readonly (readonly string[])[], { values, probabilities, more }: Predictions) {
      values.forEach((value, row) => {
        const before = kept.map((column, k) => [column, texts[k][row]] as const);
        const further = Array.from(more, ([name, column]) => [name, column[row]] as const);
        const entries = [...before, [name, value] as const, ...further];
        const entry: Record<string, unknown> = Object.fromEntries(entries);
        if (probabilities !== null) {
          entry.probabilities = Object.fromEntries(
            classes.map((own, c) =>
              [own, Number(probabilities[row * classes.length + c].toPrecision(6))] as const
            ),
          );
        }
        predicted.push(JSON.stringify(entry));
      });
    },
    finish() {
      const head = JSON.stringify({ target, rows: predicted.length }).slice(0, -1);
      lines.add([`${head},"predictions":[${predicted.join(",")}]}`]);
      lines.finish();
    },
  };
}
