/**
 * Runs programs on a Cortex-M4. `arm-none-eabi-gcc` compiles them, and `qemu-system-arm` runs them on the
 * board MPS2 with the image AN386. Programs send words to the host by semihosting. The emulator counts
 * instructions.
 *
 * @module
 */
import type { ExportedFile } from "../../exports/mod.ts";
import { node } from "../../node.ts";

/** The programs that are needed. */
export const ARM_PROGRAMS = ["arm-none-eabi-gcc", "qemu-system-arm"] as const;

const MACHINE = "-mcpu=cortex-m4 -mthumb -mfpu=fpv4-sp-d16 -mfloat-abi=hard";

const LINK = "-nostartfiles --specs=nosys.specs -T mps2_an386.ld -Wl,--gc-sections";

/** The files of the board. */
const BOARD = ["board.c", "board.h", "mps2_an386.ld"] as const;

/** The size of a binary in bytes, from its sections. */
export interface BinarySize {
  /** Code, constants and the initial values of variables. */
  readonly flash: number;
  /** Variables, without the stack. */
  readonly ram: number;
}

/**
 * Runs a line of shell in a folder. Needs permission to run `sh`.
 *
 * @returns The text that it printed.
 * @throws {Error} If it fails, with the words that it said.
 */
export function shell(line: string, cwd: string): string {
  const command = new Deno.Command("sh", { args: ["-c", line], cwd, stdin: "null" });
  const { success, stdout, stderr } = command.outputSync();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trimEnd();
  if (success) return text(stdout);
  throw new Error(`Cannot run "${line}": ${text(stderr)}`);
}

/** Returns `true` if programs are installed. */
export function isInstalled(...programs: readonly string[]): boolean {
  try {
    shell(programs.map((program) => `command -v ${program}`).join(" && "), ".");
    return true;
  } catch {
    return false;
  }
}

/**
 * Compiles files, with `main` in one of them, to `program.elf` in a folder.
 *
 * @param flags Flags of the compiler, such as `-O2`.
 * @throws {Error} If the files do not compile.
 */
export function compileForM4(
  files: readonly ExportedFile[],
  folder: string,
  flags: string,
): BinarySize {
  const { fs, url } = node;
  for (const { name, content } of files) fs.writeFileSync(`${folder}/${name}`, content);
  for (const name of BOARD) {
    const path = url.fileURLToPath(new URL(`./board/${name}`, import.meta.url));
    fs.copyFileSync(path, `${folder}/${name}`);
  }
  const sources = files.map(({ name }) => name).filter((name) => name.endsWith(".c"));
  shell(
    `arm-none-eabi-gcc ${flags} ${MACHINE} -ffunction-sections -fdata-sections ${LINK} ` +
      `board.c ${sources.join(" ")} -o program.elf -lm`,
    folder,
  );
  const [, numbers] = shell("arm-none-eabi-size program.elf", folder).split("\n");
  const [text, data, bss] = numbers.trim().split(/\s+/).map(Number);
  return { flash: text + data, ram: data + bss };
}

/**
 * Runs a compiled program. Returns the words that it printed.
 *
 * @throws {Error} If the program prints anything else, because it stopped at a fault.
 */
export function runOnM4(folder: string): Uint32Array {
  const printed = shell(
    "timeout 300 qemu-system-arm -M mps2-an386 -icount shift=0 -nographic -monitor none " +
      "-serial none -semihosting-config enable=on,target=native -kernel program.elf 2>&1",
    folder,
  );
  return Uint32Array.from(printed.split("\n"), (line) => {
    if (!/^[0-9a-f]{8}$/.test(line)) throw new Error(`Cannot run a program: found "${line}"`);
    return parseInt(line, 16);
  });
}

/** A table of rows in C. Numbers are written as bits, because they may be infinite or NaN. */
export function rowsFile(rows: Float32Array, columns: number): ExportedFile {
  const bits = new Uint32Array(rows.buffer, rows.byteOffset, rows.length);
  const count = rows.length / columns;
  const lines = Array.from(
    { length: count },
    (_, row) => `  {{ ${[...bits.subarray(row * columns, (row + 1) * columns)].join("UL, ")}UL }}`,
  );
  const content = `\
#include <stdint.h>
#define ROWS ${count}
static const union { uint32_t bits[${columns}]; float row[${columns}]; } rows[ROWS] = {
${lines.join(",\n")}
};
`;
  return { name: "rows.h", content };
}

/**
 * A main program that counts the instructions of a call per row. It prints the ticks of 1,000,000
 * instructions, the ticks of the empty loop, and the ticks of the loop with calls.
 *
 * @param include The lines before it.
 * @param call A statement with the row in `x`.
 */
export function countingMain(include: string, call: string): ExportedFile {
  return {
    name: "main.c",
    content: `\
#include "board.h"
#include "rows.h"
${include}
static volatile int counted;
static const float *volatile current;

int main(void)
{
  uint32_t before = ticks(), n = 500000;
  int row;
  __asm__ volatile("1: subs %0, %0, #1\\n bne 1b" : "+r"(n) : : "cc");
  put_word((ticks() - before) & 0xffffffUL);
  before = ticks();
  for (row = 0; row < ROWS; row++) {
    current = rows[row].row;
    counted = row;
  }
  put_word((ticks() - before) & 0xffffffUL);
  before = ticks();
  for (row = 0; row < ROWS; row++) {
    const float *x;
    current = rows[row].row;
    x = current;
    counted = ${call};
  }
  put_word((ticks() - before) & 0xffffffUL);
  return 0;
}
`,
  };
}

/** The instructions of a call without the loop, from the words of {@linkcode countingMain}. */
export function instructionsPerRow([million, loop, calls]: Uint32Array, rows: number): number {
  return Math.round((calls - loop) * 1e6 / million / rows);
}
