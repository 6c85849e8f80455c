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
  inverseTemperature,
  LOG2E,
  LOGARITHMS,
  POWERS,
  SINES,
  slopeFactor,
  spareBits,
} from "../integer/mod.ts";
import type { PlannedOutput } from "../plan.ts";
import { addTable, floatText } from "./c_text.ts";
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
    addTableOnce(program, "sines", SINES);
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

function addTableOnce({ tables }: Program, name: string, values: Uint16Array): void {
  if (!tables.texts.has(name)) addTable(tables, "u16", name, values);
}

function addClassAnswer(
  program: Program,
  { members, equalShares, unit }: IntegerPlan,
  { classes: { length }, temperature }: PlannedOutput & { kind: "classes" },
): string {
  addBuffer(program, "uint32_t", "totals", length, 4);
  addTableOnce(program, "powers", POWERS);
  for (const [name, text] of [["scaled_unsigned", SCALED_UNSIGNED], ["raised", RAISED]] as const) {
    addFunction(program, name, text);
  }
  addFunction(program, "add_softmax", addSoftmax(length, equalShares));
  const calls = members.map(({ number, share }) =>
    `  add_softmax(member_${number}(exponent)${equalShares ? "" : `, ${share}`});`
  );
  if (temperature !== null) {
    addTableOnce(program, "logarithms", LOGARITHMS);
    addFunction(program, "logarithm", LOGARITHM);
    addFunction(program, "calibrate", calibrate(length, temperature));
  }
  return `\
static int answer(float *result)
{
  const int exponent = integer_inputs();
  int c;
  for (c = 0; c < ${length}; c++) totals[c] = 0;
${calls.join("\n")}
${
    temperature === null
      ? `  for (c = 0; c < ${length}; c++) result[c] = (float)totals[c] * ${floatText(unit)};`
      : "  calibrate(result);"
  }
  return 0;
}`;
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

const SCALED_UNSIGNED = `
/* value * factor / 2^16, rounded down. */
static uint32_t scaled_unsigned(uint32_t value, uint16_t factor)
{
  return (value >> 16) * factor + (((value & 0xffffU) * factor) >> 16);
}`;

const RAISED = `
/* 2^(-value * 2^n / 2^16) * 2^24, on a line between powers. */
static uint32_t raised(uint32_t value, int n)
{
  uint32_t x, power, high;
  unsigned place;
  if (n < 0) x = n <= -32 ? 0 : value >> -n;
  else x = value == 0 ? 0 : n >= 32 || value > (1638400UL >> n) ? 1638400UL : value << n;
  if (x >= 1638400UL) return 0;
  place = (unsigned)(x >> 10) & 63U;
  high = READ_U16(powers + place);
  power = (high << 8) - (((high - READ_U16(powers + place + 1)) * (x & 1023U)) >> 2);
  return power >> (x >> 16);
}`;

const LOGARITHM = `
/* The logarithm to base 2, * 2^16, of a number from 1, on a line between logarithms. */
static uint32_t logarithm(uint32_t x)
{
  uint32_t whole = 31, low, fraction;
  unsigned place;
  while (!(x & 0x80000000UL)) {
    x <<= 1;
    whole--;
  }
  fraction = (x & 0x7fffffffUL) >> 9;
  place = (unsigned)(fraction >> 16);
  low = READ_U16(logarithms + place);
  return (whole << 16) + low
    + (((READ_U16(logarithms + place + 1) - low) * (fraction & 0xffffU)) >> 16);
}`;

function addSoftmax(classes: number, equalShares: boolean): string {
  const spare = spareBits(classes);
  const powerOf = `raised(scaled_unsigned((uint32_t)most - (uint32_t)sums[c].sum, ${LOG2E}U), ` +
    `exponent + 17)${spare === 0 ? "" : ` >> ${spare}`}`;
  return `\
/* Adds a member's probabilities * 2^24${equalShares ? "" : ", times its share,"} to the totals. */
static void add_softmax(int exponent${equalShares ? "" : ", uint16_t share"})
{
  int32_t most = sums[0].sum;
  uint32_t total = 0;
  int c;
  for (c = 1; c < ${classes}; c++) if (sums[c].sum > most) most = sums[c].sum;
  for (c = 0; c < ${classes}; c++) {
    const uint32_t power = ${powerOf};
    sums[c].power = power;
    total += power;
  }
  for (c = 0; c < ${classes}; c++) {
    const float part = (float)sums[c].power / (float)total;
    const uint32_t probability = (uint32_t)lrintf(part * 16777216.0f);
    totals[c] += ${equalShares ? "probability" : "scaled_unsigned(probability, share)"};
  }
}`;
}

function calibrate(classes: number, temperature: number): string {
  const { factor, shift } = inverseTemperature(temperature);
  const spare = spareBits(classes);
  return `\
/* Raises probabilities to the power of 1 / ${temperature.toPrecision(6)}, and normalises them. */
static void calibrate(float *result)
{
  uint32_t most = 1, sum = 0;
  int c;
  for (c = 0; c < ${classes}; c++) if (totals[c] > most) most = totals[c];
  most = logarithm(most);
  for (c = 0; c < ${classes}; c++) {
    const uint32_t distance = totals[c] == 0 ? most + 65536UL : most - logarithm(totals[c]);
    totals[c] = raised(scaled_unsigned(distance, ${factor}U), ${shift})${
    spare === 0 ? "" : ` >> ${spare}`
  };
    sum += totals[c];
  }
  for (c = 0; c < ${classes}; c++) result[c] = (float)totals[c] / (float)sum;
}`;
}
