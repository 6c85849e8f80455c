/**
 * Exported programs on a Cortex-M4: compiled by `arm-none-eabi-gcc`, run in `qemu-system-arm` on the board
 * MPS2 with the image AN386. Numbers go to the host by semihosting.
 *
 * @module
 */
import type { ExportedFile } from "../../../lib/exports/mod.ts";
import { readText, writeFile } from "../../files.ts";
import { folderOf, shell } from "./compiled.ts";

/** The programs that are needed. */
export const ARM_PROGRAMS = ["arm-none-eabi-gcc", "qemu-system-arm"] as const;

const MACHINE = "-mcpu=cortex-m4 -mthumb -mfpu=fpv4-sp-d16 -mfloat-abi=hard";

const LINK = "-nostartfiles --specs=nosys.specs -T mps2_an386.ld -Wl,--gc-sections";

/** Bytes of a binary, from its sections. */
export interface BinarySize {
  /** Code, constants and the first values of variables. */
  readonly flash: number;
  /** Variables, without the stack. */
  readonly ram: number;
}

/** Compiles files with a main program of their own, in a new folder. */
export function compileForM4(files: readonly ExportedFile[], flags: string): string {
  const folder = folderOf(files);
  for (const name of ["board.c", "board.h", "mps2_an386.ld"]) {
    writeFile(`${folder}/${name}`, readText(new URL(`./board/${name}`, import.meta.url)));
  }
  const sources = files.map(({ name }) => name).filter((name) => name.endsWith(".c"));
  shell(
    `arm-none-eabi-gcc ${flags} ${MACHINE} -Os -ffunction-sections -fdata-sections ${LINK} ` +
      `board.c ${sources.join(" ")} -o program.elf -lm`,
    folder,
  );
  return folder;
}

/** The size of a program that was compiled. */
export function sizeOf(folder: string): BinarySize {
  const [, numbers] = shell("arm-none-eabi-size program.elf", folder).trim().split("\n");
  const [text, data, bss] = numbers.trim().split(/\s+/).map(Number);
  return { flash: text + data, ram: data + bss };
}

/** Runs a program that was compiled, and gives the words that it prints. */
export function runOnM4(folder: string): Uint32Array {
  shell(
    "qemu-system-arm -M mps2-an386 -icount shift=0 -nographic -monitor none -serial none " +
      "-semihosting-config enable=on,target=native -kernel program.elf > words 2>&1 < /dev/null",
    folder,
  );
  const lines = readText(`${folder}/words`).trim().split("\n");
  return Uint32Array.from(lines, (line) => {
    if (!/^[0-9a-f]{8}$/.test(line)) throw new Error(`The program printed ${line}`);
    return parseInt(line, 16);
  });
}

/** A table of rows in C: their bits, so that they may be infinite or no number. */
export function rowsFile(rows: Float32Array, columns: number): ExportedFile {
  const bits = new Uint32Array(rows.buffer, rows.byteOffset, rows.length);
  const count = rows.length / columns;
  const lines = Array.from(
    { length: count },
    (_, row) => `  {{ ${[...bits.subarray(row * columns, (row + 1) * columns)].join("UL, ")}UL }}`,
  );
  return {
    name: "rows.h",
    content: `\
#include <stdint.h>
#define ROWS ${count}
static const union { uint32_t bits[${columns}]; float row[${columns}]; } rows[ROWS] = {
${lines.join(",\n")}
};
`,
  };
}
