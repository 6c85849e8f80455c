/**
 * Writes the part of a program in C that computes the answer from the inputs in 32-bit integers. Every
 * function computes the same bits as its counterpart in `lib/exports/integer`. Most lines of this file are
 * C functions, each beside the code that adds it.
 *
 * @module
 */
import {
  type IntegerLayer,
  type IntegerMember,
  type IntegerPlan,
  SINES,
  slopeFactor,
} from "../integer/mod.ts";
import type { PlannedOutput } from "../plan.ts";
import { addTable, addTableOnce, floatText } from "./c_text.ts";
import { addClassAnswer } from "./integer_answer_c.ts";
import { addLayer, type SumTypes } from "./layers_c.ts";
import { addBuffer, addFunction, type Program } from "./program.ts";
import { SHIFTED } from "./reading_c.ts";

/** The input of an index, written in C. The buffer of sums holds the inputs first. */
export function integerInput(index: string): string {
  return `sums[${index}].number`;
}

/** Adds the members and `answer(result)`, which returns 0, or −1 if the answer is not finite. */
export function addIntegerMembers(
  program: Program,
  plan: IntegerPlan,
  output: PlannedOutput,
  inputs: number,
): void {
  const { members, weights, activationBits } = plan;
  const all = members.flatMap(({ layers }) => layers);
  const hidden = members.flatMap(({ layers }) => layers.slice(0, -1).map(({ outputs }) => outputs));
  const types: SumTypes = {
    weight: weights === "int8" ? "i8" : "i16",
    input: "int16_t",
    sum: "int32_t",
    cell: "cell",
    member: ".sum",
  };
  const limit = 2 ** activationBits - 1;
  addBuffer(program, "int16_t", "inputs", inputs, 2);
  addBuffer(program, "int16_t", "activations", Math.max(0, ...hidden), 2);
  addBuffer(program, "cell", "sums", Math.max(inputs, ...all.map(({ outputs }) => outputs)), 4);
  addFunction(program, "shifted", SHIFTED);
  addFunction(program, "scaled", SCALED);
  addFunction(program, "integer_inputs", integerInputs(inputs, activationBits));
  addFunction(program, "add_biases", ADD_BIASES);
  for (const member of members) addMember(program, member, types, activationBits, limit);
  addFunction(
    program,
    "answer",
    output.kind === "classes"
      ? addClassAnswer(program, plan, output)
      : numberAnswer(plan, output.mean),
  );
}

function addMember(
  program: Program,
  { number, layers }: IntegerMember,
  types: SumTypes,
  bits: number,
  limit: number,
): void {
  const lines = layers.flatMap((layer, l) => {
    const name = `m${number}_l${l + 1}`;
    const { outputs, scales, bias, exponent, biasExponent } = layer;
    const x = l === 0 ? "inputs" : "activations";
    const call = addLayer(program, layer, name, types, x, "sums", layers[l - 1]?.activation);
    addTable(program.tables, "u16", `${name}_scales`, scales);
    addTable(program.tables, "i16", `${name}_bias`, bias);
    return [
      call,
      `exponent = add_biases(${outputs}, ${name}_scales, ${name}_bias, exponent + ${exponent}, ${biasExponent});`
        .replaceAll("+ -", "- "),
      ...addActivation(program, layer, bits, limit),
    ];
  });
  addFunction(
    program,
    `member_${number}`,
    `\
/* Member ${number}, layer after layer. Returns the exponent of its outputs. */
static int member_${number}(int exponent)
{
  ${lines.join("\n  ")}
  return exponent;
}`,
  );
}

function addActivation(
  program: Program,
  { outputs, activation }: IntegerLayer,
  bits: number,
  limit: number,
): string[] {
  if (activation.kind === "none") return [];
  if (activation.kind === "sine") {
    addTableOnce(program.tables, "sines", SINES);
    addFunction(program, "sine", sine(15 - bits));
    return [`sine(${outputs}, exponent);`, `exponent = ${-bits};`];
  }
  const { slope } = activation;
  if (slope === 0) {
    addFunction(program, "relu", relu(limit));
    return [`exponent += relu(${outputs});`];
  }
  addFunction(program, "narrow", narrow(limit));
  addFunction(program, "rectify", RECTIFY);
  return [
    `rectify(${outputs}, ${slopeFactor(slope)}, ${slope < 0 ? 1 : 0});`,
    `exponent += narrow(${outputs});`,
  ];
}

function numberAnswer({ members }: IntegerPlan, mean: number): string {
  const calls = members.map(({ number }) =>
    `\
  exponent = member_${number}(first);
  number += ldexpf((float)sums[0].sum, exponent);`
  );
  return `\
static int answer(float *result)
{
  const int first = integer_inputs();
  int exponent;
  float number = ${floatText(mean)};
${calls.join("\n")}
  *result = number;
  return is_finite(number) ? 0 : -1;
}`;
}

const SCALED = `
/* value * factor / 2^16, rounded down. */
INLINE int32_t scaled(int32_t value, uint16_t factor)
{
#if defined(__GNUC__) && !defined(__AVR__)
  return (int32_t)(((int64_t)value * factor) >> 16);
#else
  const uint32_t low = (uint32_t)value & 0xffffU;
  return shifted(value, 16) * (int32_t)factor + (int32_t)((low * factor) >> 16);
#endif
}`;

function integerInputs(inputs: number, bits: number): string {
  return `\
/* Inputs as integers of ${bits} bits and a sign. Returns their exponent. */
static int integer_inputs(void)
{
  float largest = 0.0f, factor;
  int exponent, i;
  for (i = 0; i < ${inputs}; i++) {
    const float size = fabsf(sums[i].number);
    if (size > largest) largest = size;
  }
  (void)frexpf(largest, &exponent);
  if (largest == 0.0f || exponent < -100) exponent = -100;
  factor = ldexpf(1.0f, ${bits} - exponent);
  for (i = 0; i < ${inputs}; i++) {
    long value = lrintf(sums[i].number * factor);
    if (value > ${2 ** bits - 1}) value = ${2 ** bits - 1};
    if (value < -${2 ** bits - 1}) value = -${2 ** bits - 1};
    inputs[i] = (int16_t)value;
  }
  return exponent - ${bits};
}`;
}

const ADD_BIASES = `
/* Multiplies sums by their scales and adds biases. Returns the exponent of both. */
static int add_biases(unsigned n, const uint16_t *scales, const int16_t *bias, int exponent,
  int bias_exponent)
{
  const int common = exponent > bias_exponent - 14 ? exponent : bias_exponent - 14;
  const int down = common - exponent + 1;
  const int up = bias_exponent - common - 1;
  cell *y = sums;
  for (; n > 0; n--) {
    const uint16_t scale = READ_U16(scales);
    const int32_t sum = scaled(y->sum, (uint16_t)((scale & 0xfffU) << 4));
    int32_t own = READ_I16(bias);
    own = up >= 0 ? own * ((int32_t)1 << up) : shifted(own, -up);
    y->sum = shifted(sum, (scale >> 12) + down) + own;
    y++;
    scales++;
    bias++;
  }
  return common + 1;
}`;

function narrow(limit: number): string {
  return `\
/* Makes activations of sums. Returns the bits that they lost. */
static int narrow(unsigned count)
{
  int32_t most = 0, half;
  unsigned i;
  int n = 0;
  for (i = 0; i < count; i++) {
    const int32_t size = sums[i].sum < 0 ? -sums[i].sum : sums[i].sum;
    if (size > most) most = size;
  }
  while ((most >> n) > ${limit}) n++;
  half = n > 0 ? (int32_t)1 << (n - 1) : 0;
  for (i = 0; i < count; i++) {
    int32_t value = shifted(sums[i].sum + half, n);
    if (value > ${limit}) value = ${limit};
    if (value < -${limit}) value = -${limit};
    activations[i] = (int16_t)value;
  }
  return n;
}`;
}

function relu(limit: number): string {
  return `\
/* Makes activations of sums, 0 of those below 0. Returns the bits that they lost. */
static int relu(unsigned count)
{
  int32_t most = 0, half;
  unsigned i;
  int n = 0;
  for (i = 0; i < count; i++) if (sums[i].sum > most) most = sums[i].sum;
  while ((most >> n) > ${limit}) n++;
  half = n > 0 ? (int32_t)1 << (n - 1) : 0;
  for (i = 0; i < count; i++) {
    int32_t value = sums[i].sum;
    value = value > 0 ? (value + half) >> n : 0;
    activations[i] = (int16_t)(value > ${limit} ? ${limit} : value);
  }
  return n;
}`;
}

const RECTIFY = `
/* Multiplies sums below 0 by slope / 2^16, or by its negative. */
static void rectify(unsigned n, uint16_t slope, int negative)
{
  cell *y = sums;
  for (; n > 0; n--, y++) {
    if (y->sum < 0) {
      const int32_t value = scaled(-y->sum, slope);
      y->sum = negative ? value : -value;
    }
  }
}`;

function sine(spare: number): string {
  return `\
/* Sines of sums in turns, as activations. */
static void sine(unsigned count, int exponent)
{
  const int up = exponent + 16;
  unsigned i;
  for (i = 0; i < count; i++) {
    const int32_t sum = sums[i].sum;
    const uint32_t turn = up >= 16 ? 0 : up >= 0 ? (uint32_t)sum << up : (uint32_t)shifted(sum, -up);
    const uint16_t phase = (uint16_t)(turn & 0xffffU);
    const uint16_t along = (uint16_t)(phase & 0x4000U ? 0x4000U - (phase & 0x3fffU) : phase & 0x3fffU);
    const unsigned place = along >> 8;
    const int32_t low = READ_U16(sines + place);
    const int32_t high = place < 64U ? (int32_t)READ_U16(sines + place + 1) : low;
    const int32_t value = (low + (((high - low) * (int32_t)(along & 255U)) >> 8)) >> ${spare};
    activations[i] = (int16_t)(phase & 0x8000U ? -value : value);
  }
}`;
}
