/**
 * The costs of a program on an AVR, an ATmega1284P with 128 KB of flash and 16 KB of RAM. `avr-gcc` compiles
 * it and `simavr` runs it. The program counts its own cycles by a timer, and sends them by the serial line.
 *
 * @module
 */
import type { ExportedFile } from "../../exports/mod.ts";
import { node } from "../../node.ts";
import { shell } from "./cortex_m4.ts";
import { inNewFolder } from "./on_m4.ts";

/** The cost of a program on an AVR. */
export interface OnAvr {
  /** Bytes of flash, from the binary. */
  readonly flash: number;
  /** Bytes of RAM, from the binary, without the stack. */
  readonly ram: number;
  /** Cycles per row: the mean over some test rows. */
  readonly cycles: number;
}

/** The programs that are needed. */
export const AVR_PROGRAMS = ["avr-gcc", "simavr"] as const;

/** The bytes of RAM. Some have to be left for the stack. */
const RAM = 16 * 1024 - 512;

/** The number of test rows on which cycles are counted. */
const COUNTED = 8;

/** A tick of the timer in cycles. */
const TICK = 1024;

/**
 * Compiles a program for the AVR and counts the cycles per row.
 *
 * @param include The lines before the main program.
 * @param call An expression with the row in `x`.
 * @returns `null` if the compiler says that it does not fit, or if it leaves no RAM for the stack.
 */
export function onAvr(
  files: readonly ExportedFile[],
  rows: Float32Array,
  columns: number,
  include: string,
  call: string,
  flags: string,
): OnAvr | null {
  return inNewFolder((folder) => {
    const main = { name: "main.c", content: mainText(rows, columns, include, call) };
    for (const { name, content } of [...files, main]) {
      node.fs.writeFileSync(`${folder}/${name}`, content);
    }
    const sources = [...files, main].map(({ name }) => name).filter((name) => name.endsWith(".c"));
    try {
      shell(
        `avr-gcc ${flags} -mmcu=atmega1284p -ffunction-sections -fdata-sections -Wl,--gc-sections ` +
          `${sources.join(" ")} -o program.elf -lm`,
        folder,
      );
    } catch (error) {
      if (
        /constants take|not within region|will not fit|overflowed|truncated to fit|too large/.test(
          `${error}`,
        )
      ) return null;
      throw error;
    }
    const [, numbers] = shell("avr-size program.elf", folder).split("\n");
    const [text, data, bss] = numbers.trim().split(/\s+/).map(Number);
    if (data + bss > RAM) return null;
    const out = shell("timeout 300 simavr -m atmega1284p -f 16000000 program.elf 2>&1", folder);
    const ticks = /([0-9a-f]{8})(?=\W)/.exec(out);
    if (ticks === null) throw new Error(`Cannot run a program: found "${out}"`);
    const cycles = Math.round(parseInt(ticks[1], 16) * TICK / COUNTED);
    // The rows are not part of the program, so their bytes do not count.
    return { flash: text + data - 4 * COUNTED * columns, ram: data + bss, cycles };
  });
}

function mainText(rows: Float32Array, columns: number, include: string, call: string): string {
  const bits = new Uint32Array(rows.buffer, rows.byteOffset, COUNTED * columns);
  return `\
#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/pgmspace.h>
#include <avr/sleep.h>
#include <stdint.h>
${include}
static const uint32_t rows[${bits.length}] PROGMEM = { ${[...bits].join("UL, ")}UL };
static volatile int counted;
static volatile uint16_t overflows;

ISR(TIMER1_OVF_vect)
{
  overflows++;
}

static void put(char letter)
{
  while (!(UCSR0A & (1 << UDRE0))) {}
  UDR0 = letter;
}

int main(void)
{
  static union { uint32_t bits; float number; } row[${columns}];
  static float x[${columns}];
  uint32_t total = 0;
  uint16_t ticks;
  int r, i;
  UCSR0B = 1 << TXEN0;
  TIMSK1 = 1 << TOIE1;
  TCCR1B = 1 << CS12 | 1 << CS10;
  sei();
  for (r = 0; r < ${COUNTED}; r++) {
    for (i = 0; i < ${columns}; i++) {
      row[i].bits = pgm_read_dword(rows + r * ${columns} + i);
      x[i] = row[i].number;
    }
    overflows = 0;
    TCNT1 = 0;
    counted = ${call};
    ticks = TCNT1;
    total += ((uint32_t)overflows << 16) + ticks;
  }
  for (i = 0; i < 8; i++) {
    put("0123456789abcdef"[total >> 28]);
    total <<= 4;
  }
  put('\\n');
  /* The emulator ends with a processor that nothing can wake. */
  cli();
  sleep_enable();
  sleep_cpu();
  return 0;
}
`;
}
