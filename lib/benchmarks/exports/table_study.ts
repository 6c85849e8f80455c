import type { ExportedFile } from "../../exports/mod.ts";
import type { HostPeers, HostProgram } from "./host/mod.ts";
import type { Kept } from "./kept_steps.ts";
import { countingMain, isInstalled } from "./cortex_m4.ts";
import type { ExportMeasurement, OnBoards } from "./measurement.ts";
import { AVR_PROGRAMS, onAvr } from "./on_avr.ts";
import { FLAGS, onM4, someRows } from "./on_m4.ts";
import { type RowSets, splitRows } from "./row_sets.ts";
import { type Teacher, trainTeacher } from "./teaching.ts";

/** A table in the study: its rows, its ensembles, and what is to be timed in the end. */
export interface TableStudy {
  /** The name of the data, as for a run. */
  readonly file: string;
  /** Its rows. */
  readonly sets: RowSets;
  /** `true` trains tiny networks for a few epochs, to check that everything works. */
  readonly quick: boolean;
  /** The models and results that are learned once. */
  readonly kept: Kept;
  /** An earlier measurement whose choices are taken. Left out: held-out rows choose. */
  readonly earlier?: ExportMeasurement | undefined;
  /** Programs and peers, which {@linkcode measureProgram} and others add. */
  readonly timed: Gathered;
  /** Called with the name of the next step. */
  tell(step: string): void;
  /** The ensemble of the modern recipe, of some rows. */
  teacher(rows: "fitting" | "training"): Promise<Teacher>;
}

/** The programs and peers to be timed on the host in the end. */
export interface Gathered {
  /** Programs by name. */
  readonly programs: Record<string, HostProgram>;
  /** Networks for onnxruntime by name. */
  readonly networks: Record<string, HostPeers["networks"][string]>;
  /** Forests for scikit-learn by name. */
  readonly forests: Record<string, Uint8Array>;
}

/**
 * Opens a table: reads and splits its rows.
 *
 * @param earlier An earlier measurement of it, whose choices of sizes are taken.
 */
export async function openTable(
  file: string,
  quick: boolean,
  tell: (step: string) => void,
  kept: Kept,
  earlier?: ExportMeasurement,
): Promise<TableStudy> {
  const sets = await splitRows(file, quick);
  const teachers = new Map<string, Promise<Teacher>>();
  return {
    file,
    sets,
    quick,
    kept,
    earlier,
    timed: { programs: {}, networks: {}, forests: {} },
    tell: (step) => tell(`${file}: ${step}`),
    teacher(rows) {
      let teacher = teachers.get(rows);
      if (teacher === undefined) {
        tell(`${file}: the ensemble of the modern recipe, of the ${rows} rows`);
        const name = `${file} ${rows}`;
        teachers.set(rows, teacher = trainTeacher(name, sets[rows], quick, kept));
      }
      return teacher;
    },
  };
}

/** A program on the boards. */
export interface BoardProgram {
  /** Its files. */
  readonly files: readonly ExportedFile[];
  /** The lines before a main program. */
  readonly include: string;
  /** An expression for the class of row `x`. */
  readonly call: string;
  /** Flags of the compiler, beside those of all binaries. Left out: none. */
  readonly flags?: string | undefined;
  /** Its rows: prepared inputs. Left out: the raw test rows. */
  readonly rows?: Float32Array | undefined;
}

/** Measures a program on the boards, and remembers it to be timed on the host. */
export function measureProgram(
  { sets: { test }, timed }: TableStudy,
  name: string,
  { files, include, call, flags = "", rows = test.features }: BoardProgram,
): OnBoards {
  const columns = rows.length / test.rows;
  timed.programs[name] = { files, include, call, flags, rows };
  const all = `${FLAGS} ${flags}`;
  const onArm = onM4([...files, someRows(rows, columns), countingMain(include, call)], all);
  return isInstalled(...AVR_PROGRAMS)
    ? { ...onArm, avr: onAvr(files, rows, columns, include, call, all) }
    : onArm;
}
