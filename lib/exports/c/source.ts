import { plural } from "../../messages.ts";
import { commentText } from "./c_text.ts";
import { hasClassOfLogits } from "./float_c.ts";
import { type About, publicName } from "./names.ts";
import type { Program } from "./program.ts";

/** The source of a program in C. */
export function sourceText(program: Program, about: About): string {
  const { tables, buffers } = program;
  const entry = entryText(about);
  const functions = neededFunctions(program, entry);
  return [
    headText(about),
    storageText(about, tables.bytes),
    [...tables.texts.values()].join("\n"),
    [...buffers.values()].join("\n"),
    ...functions,
    entry,
  ].join("\n\n") + "\n";
}

/** The functions that are called, in order. Compilers warn of others. */
function neededFunctions({ functions }: Program, entry: string): string[] {
  const needed = new Set<string>();
  const names = [...functions.keys()];
  const visit = (text: string) => {
    for (const word of new Set(text.match(/[a-z]\w*(?=\()/g))) {
      if (!functions.has(word) || needed.has(word)) continue;
      needed.add(word);
      visit(functions.get(word)!);
    }
  };
  visit(entry);
  return names.filter((name) => needed.has(name)).map((name) => functions.get(name)!);
}

function headText({ name, weights, plan }: About): string {
  const { members, folded, target } = plan;
  const numbers = members.map(({ number }) => number).join(", ");
  return `\
/*
 * ${commentText(target)}, predicted by ${plural(members.length, "sparse network")} (${
    members.length === 1 ? "member" : "members"
  } ${numbers}) with weights of ${weights}.
 * Written by Sparsemble; \`${commentText(name)}.h\` says how to call it. C99, without a heap.
 *
 * Folded away, with the same answers: ${plural(folded.neurons, "neuron")}, ${
    plural(folded.weights, "weight")
  }, ${plural(folded.inputs, "input")}.
 *
 * The buffers are static, so one row is predicted at a time. Compile with
 * -DPREDICT_STORAGE="static _Thread_local" (C11) to predict rows in several threads.
 */
#include ${JSON.stringify(`${name}.h`)}
#include <math.h>
#include <stddef.h>
#include <stdint.h>`;
}

/** The bytes of constants that an AVR reads with addresses of 16 bits; its interrupt vectors come before. */
const MOST_ON_AVR = 64 * 1024 - 512;

function storageText({ weights }: About, bytes: number): string {
  const refusal = bytes <= MOST_ON_AVR
    ? ""
    : `#error "These constants take ${bytes} bytes, and an AVR reads ${MOST_ON_AVR} of them at most."\n`;
  return `\
#ifndef PREDICT_STORAGE
#define PREDICT_STORAGE static
#endif

#if defined(__GNUC__)
#define INLINE static inline __attribute__((always_inline))
#else
#define INLINE static inline
#endif

/* Constants stay in flash: AVR needs to be told, and has instructions of its own to read them. */
#if defined(__AVR__)
${refusal}#include <avr/pgmspace.h>
#define STORED PROGMEM
#define READ_U8(at) pgm_read_byte(at)
#define READ_I8(at) ((int8_t)pgm_read_byte(at))
#define READ_U16(at) pgm_read_word(at)
#define READ_I16(at) ((int16_t)pgm_read_word(at))
#define READ_F32(at) pgm_read_float(at)
#else
#define STORED
#define READ_U8(at) (*(at))
#define READ_I8(at) (*(at))
#define READ_U16(at) (*(at))
#define READ_I16(at) (*(at))
#define READ_F32(at) (*(at))
#endif${
    weights === "float32" ? "" : "\n\n/* A number of several uses, one after the other. */\n" +
      "typedef union { float number; int32_t sum; uint32_t power; } cell;"
  }`;
}

function entryText(about: About): string {
  const { output } = about.plan;
  const own = (word: string) => publicName(about, word);
  const result = output.kind === "classes" ? "probabilities" : "number";
  const predict = `\
int ${own("predict")}(const float *row, float *${result})
{
  const int column = read_row(row);
  return column != 0 ? column : answer(${result});
}`;
  if (output.kind !== "classes") return predict;
  if (hasClassOfLogits(about.weights, about.plan)) {
    return `\
${predict}

int ${own("predict_class")}(const float *row)
{
  return read_row(row) != 0 ? -1 : class_of_logits();
}`;
  }
  return `\
${predict}

int ${own("predict_class")}(const float *row)
{
  float probabilities[${output.classes.length}];
  int best = 0, c;
  if (${own("predict")}(row, probabilities) != 0) return -1;
  for (c = 1; c < ${output.classes.length}; c++) if (probabilities[c] > probabilities[best]) best = c;
  return best;
}`;
}
