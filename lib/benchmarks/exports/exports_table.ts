import { plural } from "../../messages.ts";
import type { Candidate } from "./edge_model.ts";
import type { DenseNetwork, ExportMeasurement } from "./measurement.ts";
import type { OnM4 } from "./on_m4.ts";
import type { Table } from "../../reports/mod.ts";

const percent = (share: number) => (100 * share).toFixed(2);

function bytes(count: number): string {
  return `${(count / 1024).toFixed(1)} KB`;
}

/** The study as a table, with one row per program and data set. */
export function exportsTable(measured: readonly ExportMeasurement[]): Table {
  return {
    columns: ["data", "program", "accuracy, %", "flash", "RAM", "instructions a row"],
    rows: measured.flatMap(({ file, ensemble, int8, trained, float32, emlearn, equal, forest }) => {
      const name = file.replace(/^.*:/, "");
      const onBoard = (program: string, accuracy: number, one: OnM4, preparation = 0) => [
        name,
        program,
        percent(accuracy),
        bytes(one.flash),
        bytes(one.ram),
        `${count(one.instructions)}${preparation > 0 ? ` + ${count(preparation)}` : ""}`,
      ];
      const dense = (one: DenseNetwork) =>
        onBoard(
          `emlearn, dense ${one.width} × ${one.width}, ${one.scaling}`,
          one.accuracy,
          one,
          one.preparation,
        );
      const rows = [
        [name, `the ensemble, ${count(ensemble.weights)} weights`, percent(ensemble.accuracy)],
        onBoard(`int8, ${manyText(int8)}`, int8.accuracy, int8),
        ...(trained === undefined ? [] : [
          onBoard(`float32, ${manyText({ ...trained, members: 1 })}`, trained.accuracy, trained),
        ]),
        onBoard(`float32, ${manyText({ ...float32, members: 1 })}`, float32.accuracy, float32),
      ];
      if (equal !== undefined) {
        const program = `${equal.weights}, distilled ${sizeOf(equal)}, ${scalingOf(equal)}`;
        rows.push(onBoard(program, equal.accuracy, equal));
      }
      if (emlearn !== undefined) {
        const { best, asAll } = emlearn;
        const isSame = best.width === asAll.width && best.scaling === asAll.scaling;
        rows.push(dense(best));
        if (!isSame) rows.push(dense(asAll));
      }
      if (forest !== undefined) {
        const program = `m2cgen, random forest of ${plural(forest.trees, "tree")}`;
        rows.push(onBoard(program, forest.accuracy, forest));
      }
      return rows.map((row) => [...row, "", "", ""].slice(0, 6));
    }),
  };
}

function count(number: number): string {
  return number.toLocaleString("en-US");
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
