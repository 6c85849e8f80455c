/**
 * The study of exports as tables.
 *
 * @module
 */
import { plural } from "../../messages.ts";
import type { Table } from "../../reports/mod.ts";
import type { Candidate } from "./edge_model.ts";
import type { HostSpeed } from "./host/mod.ts";
import type { DenseNetwork, ExportMeasurement, OnBoards } from "./measurement.ts";

/** A line of the study: a program or a form of the ensemble. */
interface Line {
  readonly program: string;
  readonly accuracy?: number | undefined;
  /** Its costs on the boards. Left out: it does not run there. */
  readonly boards?: OnBoards | undefined;
  /** The instructions to prepare its inputs. */
  readonly preparation?: number | undefined;
  /** Its name among the speeds on the host. */
  readonly host?: string | undefined;
}

/**
 * The study as a table, with one row per program and data set: sizes and instructions on a Cortex-M4, the
 * file that is handed over, and times on the host.
 */
export function exportsTable(measured: readonly ExportMeasurement[]): Table {
  return {
    columns: [
      "data",
      "program",
      "accuracy, %",
      "flash",
      "RAM",
      "instructions a row",
      "file, kB",
      "one row, µs",
      "in 1,000s, µs",
    ],
    rows: measured.flatMap((one) =>
      linesOf(one).map((line) => {
        const { program, accuracy, boards, preparation = 0, host } = line;
        const onBoard = boards === undefined ? ["", "", ""] : [
          bytes(boards.flash),
          bytes(boards.ram),
          `${count(boards.instructions)}${preparation > 0 ? ` + ${count(preparation)}` : ""}`,
        ];
        const speed = host === undefined ? undefined : one.host?.[host];
        return [
          nameOf(one),
          program,
          accuracy === undefined ? "" : (100 * accuracy).toFixed(2),
          ...onBoard,
          ...speedTexts(speed),
        ];
      })
    ),
  };
}

/** The programs of the study on an AVR, with one row per program and data set. */
export function avrTable(measured: readonly ExportMeasurement[]): Table {
  return {
    columns: ["data", "program", "flash", "RAM", "cycles a row"],
    rows: measured.flatMap((one) =>
      linesOf(one).flatMap(({ program, boards }) => {
        if (boards?.avr === undefined) return [];
        const { avr } = boards;
        const costs = avr === null
          ? ["does not fit", "", ""]
          : [bytes(avr.flash), bytes(avr.ram), count(avr.cycles)];
        return [[nameOf(one), program, ...costs]];
      })
    ),
  };
}

/** The forms of the whole ensemble by their names among the speeds on the host. */
const FORMS: Readonly<Record<string, string>> = {
  "the library, WebAssembly kernels": "the same, WebAssembly kernels",
  "ES module, Deno": "the same, ES module, Deno",
  "ES module, Node": "the same, ES module, Node",
  "onnxruntime, gather": "the same, onnxruntime, gather",
  "onnxruntime, dense": "the same, onnxruntime, dense",
  "C, float32": "the same, C, float32",
};

function linesOf(one: ExportMeasurement): Line[] {
  const { ensemble, int8, trained, float32, emlearn, equal, forest, largeForest, host } = one;
  const dense = (name: string, network: DenseNetwork): Line => ({
    program: `emlearn, ${denseText(network)}`,
    accuracy: network.accuracy,
    boards: network,
    preparation: network.preparation,
    host: name,
  });
  const lines: Line[] = [
    {
      program: `the ensemble, ${count(ensemble.weights)} weights, native kernels`,
      accuracy: ensemble.accuracy,
      host: "the library, native kernels",
    },
    ...(host === undefined
      ? []
      : Object.entries(FORMS).map(([host, program]) => ({ program, host }))),
    { program: `int8, ${manyText(int8)}`, accuracy: int8.accuracy, boards: int8, host: "int8" },
    {
      program: `float32, ${manyText({ ...trained, members: 1 })}`,
      accuracy: trained.accuracy,
      boards: trained,
      host: "trained",
    },
    {
      program: `float32, ${manyText({ ...float32, members: 1 })}`,
      accuracy: float32.accuracy,
      boards: float32,
      host: "float32",
    },
  ];
  if (equal !== undefined) {
    const program = `${equal.weights}, distilled ${sizeOf(equal)}, ${scalingOf(equal)}`;
    lines.push({ program, accuracy: equal.accuracy, boards: equal, host: "equal" });
  }
  if (emlearn !== undefined) {
    const { best, asAll } = emlearn;
    const isSame = best.width === asAll.width && best.scaling === asAll.scaling;
    lines.push(dense("best", best));
    if (host?.["onnxruntime, dense peer"] !== undefined) {
      const program = "the same network, onnxruntime";
      lines.push({ program, host: "onnxruntime, dense peer" });
    }
    if (!isSame) lines.push(dense("asAll", asAll));
  }
  if (forest !== undefined) {
    const program = `m2cgen, random forest of ${plural(forest.trees, "tree")}`;
    lines.push({ program, accuracy: forest.accuracy, boards: forest, host: "forest" });
  }
  if (largeForest !== undefined) {
    const { trees, accuracy } = largeForest;
    const program = `scikit-learn, random forest of ${trees} trees`;
    lines.push({ program, accuracy, host: "largeForest" });
  }
  return lines;
}

function nameOf({ file }: ExportMeasurement): string {
  return file.replace(/^.*:/, "");
}

function bytes(count: number): string {
  return `${(count / 1024).toFixed(1)} KB`;
}

function speedTexts(speed: HostSpeed | undefined): string[] {
  if (speed === undefined) return ["", "", ""];
  return [count(Math.round(speed.bytes / 1000)), time(speed.oneRow), time(speed.inBatches)];
}

function time(value: number): string {
  return value < 100 ? `${value}` : count(Math.round(value));
}

function count(number: number): string {
  return number.toLocaleString("en-US");
}

function denseText({ width, scaling }: DenseNetwork): string {
  return `dense ${width} × ${width}, ${scaling}`;
}

function sizeOf({ settings }: { readonly settings: Candidate }): string {
  return settings.hidden!.join(" × ");
}

function scalingOf({ settings: { scaling, embedding } }: { readonly settings: Candidate }): string {
  return embedding === "none" ? scaling ?? "quantile" : "quantile and sines";
}

function manyText(one: { readonly settings: Candidate; readonly members: number }): string {
  const kind = one.settings.distil ? "distilled member" : "member";
  return `${plural(one.members, kind)} of ${sizeOf(one)}`;
}
