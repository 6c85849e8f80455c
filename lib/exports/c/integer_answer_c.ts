/**
 * Writes the part of a program in C that turns the sums of output neurons into probabilities, in integers.
 * Every function computes the same bits as its counterpart in `lib/exports/integer`.
 *
 * @module
 */
import {
  type IntegerPlan,
  inverseTemperature,
  LOG2E,
  LOGARITHMS,
  POWERS,
  spareBits,
} from "../integer/mod.ts";
import type { PlannedOutput } from "../plan.ts";
import { addTableOnce, floatText } from "./c_text.ts";
import { addBuffer, addFunction, type Program } from "./program.ts";

/** Adds the functions of the probabilities, and gives `answer(result)`. */
export function addClassAnswer(
  program: Program,
  { members, equalShares, unit }: IntegerPlan,
  { classes: { length }, temperature }: PlannedOutput & { kind: "classes" },
): string {
  addBuffer(program, "uint32_t", "totals", length, 4);
  addTableOnce(program.tables, "powers", POWERS);
  for (const [name, text] of [["scaled_unsigned", SCALED_UNSIGNED], ["raised", RAISED]] as const) {
    addFunction(program, name, text);
  }
  addFunction(program, "add_softmax", addSoftmax(length, equalShares));
  const calls = members.map(({ number, share }) =>
    `  add_softmax(member_${number}(exponent)${equalShares ? "" : `, ${share}`});`
  );
  if (temperature !== null) {
    addTableOnce(program.tables, "logarithms", LOGARITHMS);
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
