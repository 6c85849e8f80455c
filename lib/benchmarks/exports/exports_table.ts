import type { DenseNetwork, ExportMeasurement } from "./measurement.ts";
import type { OnM4 } from "./on_m4.ts";
import type { Table } from "../../reports/mod.ts";

const percent = (share: number) => (100 * share).toFixed(2);

function bytes(count: number): string {
  return `${(count / 1024).toFixed(1)} KB`;
}

/** The study as a table: a row for every program of every data set. */
export function exportsTable(measured: readonly ExportMeasurement[]): Table {
  return {
    columns: ["data", "program", "accuracy, %", "flash", "RAM", "instructions a row"],
    rows: measured.flatMap(({ file, ensemble, int8, alone, emlearn, equal, forest }) => {
      const name = file.replace(/^.*:/, "");
      const onBoard = (program: string, accuracy: number, one: OnM4) => [
        name,
        program,
        percent(accuracy),
        bytes(one.flash),
        bytes(one.ram),
        one.instructions.toLocaleString("en-US"),
      ];
      const dense = (network: DenseNetwork) =>
        onBoard(`emlearn, dense ${network.width} × ${network.width}`, network.accuracy, network);
      const hidden = int8.settings.hidden!.join(" × ");
      const many = int8.settings.distil
        ? "one distilled member"
        : int8.members === 1
        ? "one member"
        : `${int8.members} members`;
      return [
        [
          name,
          `the ensemble, ${ensemble.weights.toLocaleString("en-US")} weights`,
          percent(ensemble.accuracy),
          "",
          "",
          "",
        ],
        onBoard(`int8, ${many} of ${hidden}`, int8.accuracy, int8),
        ...(emlearn === undefined ? [] : [dense(emlearn.asAll)]),
        ...(alone === undefined ? [] : [
          onBoard(
            `int8, one member of ${alone.settings.hidden!.join(" × ")}`,
            alone.int8.accuracy,
            alone.int8,
          ),
          onBoard(`float32, the same member`, alone.float32.accuracy, alone.float32),
        ]),
        ...(emlearn === undefined ? [] : [dense(emlearn.asAlone)]),
        ...(equal === undefined ? [] : [
          onBoard(
            `${equal.weights}, as accurate as emlearn: ${equal.settings.hidden!.join(" × ")}`,
            equal.accuracy,
            equal,
          ),
        ]),
        ...(emlearn?.best === undefined ? [] : [dense(emlearn.best)]),
        ...(forest === undefined ? [] : [
          onBoard(
            `m2cgen, random forest of ${forest.trees} tree${forest.trees === 1 ? "" : "s"}`,
            forest.accuracy,
            forest,
          ),
        ]),
      ];
    }),
  };
}
