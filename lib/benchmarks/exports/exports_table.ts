import type { ExportMeasurement, OnM4 } from "./measure_table.ts";
import type { Table } from "../../reports/mod.ts";

const percent = (share: number) => (100 * share).toFixed(2);

function bytes(count: number): string {
  return `${(count / 1024).toFixed(1)} KB`;
}

/** The study as a table: a row for every program of every data set. */
export function exportsTable(measured: readonly ExportMeasurement[]): Table {
  return {
    columns: ["data", "program", "accuracy, %", "flash", "RAM", "instructions a row"],
    rows: measured.flatMap(({ file, ensemble, int8, float32, emlearn }) => {
      const name = file.replace(/^.*:/, "");
      const onBoard = (program: string, accuracy: number, one: OnM4) => [
        name,
        program,
        percent(accuracy),
        bytes(one.flash),
        bytes(one.ram),
        one.instructions.toLocaleString("en-US"),
      ];
      const hidden = int8.settings.hidden!.join(" × ");
      return [
        [
          name,
          `the ensemble, ${ensemble.weights.toLocaleString("en-US")} weights`,
          percent(ensemble.accuracy),
          "",
          "",
          "",
        ],
        onBoard(`int8, ${int8.members} members of ${hidden}`, int8.accuracy, int8),
        onBoard("float32, one of its members", float32.accuracy, float32),
        ...(emlearn === undefined ? [] : [
          onBoard(`emlearn, dense ${emlearn.width} × ${emlearn.width}`, emlearn.accuracy, emlearn),
        ]),
      ];
    }),
  };
}
