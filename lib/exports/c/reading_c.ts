/**
 * Writes the part of a program in C that turns a raw row into inputs.
 *
 * @module
 */
import { normalQuantile } from "../../statistics/mod.ts";
import { type InputSteps, linearly, type NumberStep, SCORE_UNITS } from "../inputs/mod.ts";
import { addTable, floatText, unsignedType } from "./c_text.ts";
import { addFunction, type Program } from "./program.ts";

/** The largest number of knots of all columns, because their places have 16 bits. */
const MOST_KNOTS = 65535;

/** The scalings that a program can have in its tables. */
type Kind = NumberStep["scaling"]["kind"];

/**
 * Adds the function `read_row(row)`. It fills the inputs and returns 0, or 1 + the first column whose value
 * cannot be used.
 *
 * @param input The input of an index, written in C.
 */
export function addReading(
  program: Program,
  { bound, inputs, numbers, missing, categories }: InputSteps,
  input: (index: string) => string,
): void {
  addFunction(program, "is_missing", IS_MISSING);
  addFunction(program, "is_finite", IS_FINITE);
  const lines: string[] = [];
  if (missing.length + categories.length > 0) {
    lines.push(`  for (i = ${numbers.length}; i < ${inputs}; i++) ${input("i")} = 0.0f;`);
  }
  if (numbers.length > 0) lines.push(addNumbers(program, numbers, bound, input));
  if (missing.length > 0) {
    const columns = missing.map(({ column }) => column);
    const type = unsignedType(Math.max(...columns));
    addTable(program.tables, type, "missing_columns", columns);
    lines.push(`\
  for (i = 0; i < ${missing.length}; i++) {
    const unsigned column = READ_${type.toUpperCase()}(missing_columns + i);
    if (is_missing(row[column])) ${input(`${missing[0].input} + i`)} = 1.0f;
    else if (!is_finite(row[column])) return (int)column + 1;
  }`);
  }
  if (categories.length > 0) lines.push(addCategories(program, { inputs, categories }, input));
  addFunction(
    program,
    "read_row",
    `\
/* Fills the inputs. Returns 0, or 1 + the first column whose value is of no use. */
static int read_row(const float *row)
{
${lines.length > 0 ? "  unsigned i;" : "  (void)row;"}
${lines.join("\n")}
  return 0;
}`,
  );
}

function addNumbers(
  program: Program,
  numbers: readonly NumberStep[],
  bound: number | null,
  input: (index: string) => string,
): string {
  const { tables } = program;
  const columns = numbers.map(({ column }) => column);
  // If the columns follow each other without gaps, no table of columns is needed.
  const isRun = columns.every((column, i) => column === columns[0] + i);
  const type = unsignedType(Math.max(...columns));
  if (!isRun) addTable(tables, type, "number_columns", columns);
  const first = columns[0] === 0 ? "i" : `i + ${columns[0]}`;
  const column = isRun ? first : `READ_${type.toUpperCase()}(number_columns + i)`;
  const { kind } = numbers[0].scaling;
  const scaled = addScaling(program, numbers, kind);
  const held = bound === null ? [] : [
    `if (x > ${bound}.0f) x = ${bound}.0f;`,
    `if (x < -${bound}.0f) x = -${bound}.0f;`,
  ];
  const refuse = "return (int)column + 1;";
  const hasMedians = numbers.every(({ median }) => median !== null);
  const lines = kind === "linear" || kind === "none"
    ? [...plainLines(), ...held]
    : [...mappedLines(), ...held];
  return `\
  for (i = 0; i < ${numbers.length}; i++) {
    const unsigned column = ${column};
    ${lines.join("\n    ")}
    ${input("i")} = x;
  }`;

  /**
   * A scaled number is finite only if the number itself is. So one check finds infinite and missing
   * numbers.
   */
  function plainLines(): string[] {
    const read = kind === "none" ? "float x = row[column];" : `float x = ${scaled("row[column]")};`;
    if (!hasMedians) return [read, `if (!is_finite(x)) ${refuse}`];
    addTable(tables, "f32", "substitutes", numbers.map(substitute));
    return [
      read,
      "if (!is_finite(x)) {",
      `  if (!is_missing(row[column])) ${refuse}`,
      "  x = READ_F32(substitutes + i);",
      "}",
    ];
  }

  /** The map of an infinite number is finite, so infinite numbers are refused before it. */
  function mappedLines(): string[] {
    const medians = numbers.flatMap(({ median }) => median === null ? [] : [median]);
    if (hasMedians) addTable(tables, "f32", "medians", medians);
    return [
      "float x = row[column];",
      ...(hasMedians ? ["if (is_missing(x)) x = READ_F32(medians + i);"] : []),
      `if (!is_finite(x)) ${refuse}`,
      `x = ${scaled("x")};`,
    ];
  }
}

/** The number that replaces a missing one: the scaled median. */
function substitute({ median, scaling }: NumberStep): number {
  return scaling.kind === "linear" ? linearly(scaling, median!) : median!;
}

/** Adds the tables of a scaling. Returns the scaled number, written in C. */
function addScaling(
  program: Program,
  numbers: readonly NumberStep[],
  kind: Kind,
): (x: string) => string {
  const { tables } = program;
  if (kind === "none") return (x) => x;
  const scalings = numbers.map(({ scaling }) => scaling);
  if (kind === "linear") {
    const linear = scalings.flatMap((scaling) => scaling.kind === "linear" ? [scaling] : []);
    addTable(tables, "f32", "centres", linear.map(({ high }) => high));
    addTable(tables, "f32", "factors", linear.map(({ factor }) => factor));
    const isExact = linear.every(({ low }) => low === 0);
    if (!isExact) addTable(tables, "f32", "rests", linear.map(({ low }) => low));
    return (x) => {
      const centred = `${x} - READ_F32(centres + i)`;
      return `(${
        isExact ? centred : `(${centred}) - READ_F32(rests + i)`
      }) * READ_F32(factors + i)`;
    };
  }
  if (kind === "quantiles") {
    const own = scalings.flatMap((scaling) => scaling.kind === "quantiles" ? [scaling] : []);
    const count = own[0].quantiles.length;
    addTable(tables, "f32", "quantiles", own.flatMap(({ quantiles }) => [...quantiles]));
    const hasRests = own.some(({ rests }) => rests !== null);
    if (hasRests) {
      const none = new Float32Array(count);
      addTable(tables, "f32", "rests", own.flatMap(({ rests }) => [...rests ?? none]));
    }
    addFunction(program, "fraction", FRACTION);
    addFunction(program, "normal_score", normalScore(own[0].beyond));
    addFunction(program, "by_quantiles", byQuantiles(hasRests, own[0].beyond));
    return (x) => `by_quantiles(${x}, i * ${count}UL, ${count})`;
  }
  const knots = scalings.flatMap((scaling) => scaling.kind === "knots" ? [scaling.knots] : []);
  const ends = [0];
  for (const { x } of knots) ends.push(ends.at(-1)! + x.length);
  if (ends.at(-1)! > MOST_KNOTS) {
    throw new RangeError(
      `Cannot export the model: found ${
        ends.at(-1)
      } knots of quantile scalings, need ${MOST_KNOTS} ` +
        `at most; allow a larger quantile error`,
    );
  }
  addTable(tables, "u16", "knot_ends", ends);
  addTable(tables, "f32", "knots", knots.flatMap(({ x }) => [...x]));
  addTable(tables, "i16", "scores", knots.flatMap(({ z }) => [...z]));
  addFunction(program, "shifted", SHIFTED);
  addFunction(program, "on_line", ON_LINE);
  return (x) => `on_line(${x}, READ_U16(knot_ends + i), READ_U16(knot_ends + i + 1) - 1U)`;
}

function addCategories(
  program: Program,
  { inputs, categories }: Pick<InputSteps, "inputs" | "categories">,
  input: (index: string) => string,
): string {
  const { tables } = program;
  // The last codes need no place if they are treated as those that are none.
  const places = categories.map(({ inputs, other }) =>
    inputs.subarray(0, inputs.findLastIndex((one) => one !== other) + 1)
  );
  // The number behind the last input stands for none.
  const place = (one: number) => one < 0 ? inputs : one;
  const columns = categories.map(({ column }) => column);
  const counts = places.map(({ length }) => length);
  const [ofColumn, ofCount, ofPlace] = [
    unsignedType(Math.max(...columns)),
    unsignedType(Math.max(...counts)),
    unsignedType(inputs),
  ];
  addTable(tables, ofColumn, "category_columns", columns);
  addTable(tables, ofCount, "category_counts", counts);
  addTable(tables, ofPlace, "category_others", categories.map(({ other }) => place(other)));
  addTable(tables, ofPlace, "category_inputs", places.flatMap((own) => [...own].map(place)));
  const read = (type: string) => `READ_${type.toUpperCase()}`;
  return `\
  {
    unsigned first = 0;
    for (i = 0; i < ${categories.length}; i++) {
      const unsigned column = ${read(ofColumn)}(category_columns + i);
      const unsigned count = ${read(ofCount)}(category_counts + i);
      const float code = row[column];
      if (!is_missing(code)) {
        unsigned place = ${read(ofPlace)}(category_others + i);
        if (!is_finite(code)) return (int)column + 1;
        if (code >= 0.0f && code < (float)count && code == (float)(unsigned)code)
          place = ${read(ofPlace)}(category_inputs + first + (unsigned)code);
        if (place < ${inputs}) ${input("place")} = 1.0f;
      }
      first += count;
    }
  }`;
}

/** The comparison of bits also works with -ffast-math, which assumes that no number is NaN. */
export const IS_MISSING = `
INLINE int is_missing(float x)
{
  union { float number; uint32_t bits; } u;
  u.number = x;
  return (u.bits & 0x7fffffffUL) > 0x7f800000UL;
}`;

const IS_FINITE = `
INLINE int is_finite(float x)
{
  union { float number; uint32_t bits; } u;
  u.number = x;
  return (u.bits & 0x7f800000UL) != 0x7f800000UL;
}`;

/** Every compiler that says so shifts a number below 0 as is meant here; the others need not. */
export const SHIFTED = `
/* value / 2^n, rounded down. */
INLINE int32_t shifted(int32_t value, int n)
{
  if (n > 31) n = 31;
#if defined(__GNUC__)
  return value >> n;
#else
  return value >= 0 ? value >> n : -1 - ((-1 - value) >> n);
#endif
}`;

const ON_LINE = `
/* The normal score of a number, on a line through the knots from \`first\` to \`last\`. */
static float on_line(float x, unsigned first, unsigned last)
{
  unsigned from = first, to = last;
  float left, part;
  int32_t low, step;
  if (x <= READ_F32(knots + first)) return (float)READ_I16(scores + first) / ${SCORE_UNITS}.0f;
  if (x >= READ_F32(knots + last)) return (float)READ_I16(scores + last) / ${SCORE_UNITS}.0f;
  while (to - from > 1U) {
    const unsigned middle = from + (to - from) / 2U;
    if (READ_F32(knots + middle) <= x) from = middle;
    else to = middle;
  }
  left = READ_F32(knots + from);
  part = (x - left) / (READ_F32(knots + to) - left);
  low = READ_I16(scores + from);
  step = (READ_I16(scores + to) - low) * (int32_t)lrintf(part * 32768.0f);
  return (float)(low + shifted(step, 15)) / ${SCORE_UNITS}.0f;
}`;

const FRACTION = `
static float fraction(const float *terms, float x, float factor)
{
  float above = 0.0f, below = 0.0f;
  int k;
  for (k = 7; k >= 0; k--) {
    above = above * x + READ_F32(terms + 2 * k);
    below = below * x + READ_F32(terms + 2 * k + 1);
  }
  return factor * above / below;
}`;

// Wichura, "Algorithm AS 241: The percentage points of the normal distribution" (1988), routine PPND16.
function normalScore(beyond: number): string {
  return `\
/* The normal score of the rank p, at most 1/2, from below: M. J. Wichura, "Algorithm AS 241", 1988. */
static float normal_score(float p)
{
  static const float centre[16] STORED = {
    3.38713287f, 1.0f, 133.141667f, 42.3133307f, 1971.59095f, 687.187007f, 13731.6938f, 5394.19602f,
    45921.9540f, 21213.7943f, 67265.7709f, 39307.8958f, 33430.5756f, 28729.0857f, 2509.08093f,
    5226.49528f
  };
  static const float shoulder[16] STORED = {
    1.42343711f, 1.0f, 4.63033785f, 2.05319163f, 5.76949722f, 1.67638483f, 3.64784832f, 0.689767335f,
    1.27045825f, 0.148103976f, 0.241780725f, 0.0151986666f, 0.0227238450f, 5.47593808e-4f,
    7.74545014e-4f, 1.05075007e-9f
  };
  static const float tail[16] STORED = {
    6.65790464f, 1.0f, 5.46378491f, 0.599832207f, 1.78482654f, 0.136929881f, 0.296560571f,
    0.0148753613f, 0.0265321895f, 7.86869131e-4f, 1.24266095e-3f, 1.84631832e-5f, 2.71155557e-5f,
    1.42151176e-7f, 2.01033440e-7f, 2.04426310e-15f
  };
  const float q = p - 0.5f;
  float r;
  if (q >= -0.425f) return fraction(centre, 0.180625f - q * q, q);
  if (p < ${floatText(beyond)}) return ${floatText(normalQuantile(beyond))};
  r = sqrtf(-logf(p));
  return r <= 5.0f ? -fraction(shoulder, r - 1.6f, 1.0f) : -fraction(tail, r - 5.0f, 1.0f);
}`;
}

function byQuantiles(hasRests: boolean, beyond: number): string {
  const [least, most] = [beyond, 1 - beyond].map((share) => floatText(normalQuantile(share)));
  return `\
/* A quantile less x: ${hasRests ? "two floats hold the quantile" : "the quantile is a float"}. */
static float above(size_t place, float x)
{
  return ${
    hasRests
      ? "(READ_F32(quantiles + place) - x) + READ_F32(rests + place)"
      : "READ_F32(quantiles + place) - x"
  };
}

/* The quantiles that are below x, or at most x. */
static unsigned count_below(size_t begin, unsigned count, float x, int or_equal)
{
  unsigned from = 0, to = count;
  while (from < to) {
    const unsigned middle = from + (to - from) / 2U;
    const float own = above(begin + middle, x);
    if (own < 0.0f || (or_equal && own == 0.0f)) from = middle + 1U;
    else to = middle;
  }
  return from;
}

/* The normal score of a number by its rank among the training rows' quantiles. */
static float by_quantiles(float x, size_t begin, unsigned count)
{
  const unsigned last = count - 1U;
  unsigned first;
  float high, rank, rest;
  if (above(begin, x) >= 0.0f) return ${least};
  if (above(begin + last, x) <= 0.0f) return ${most};
  first = count_below(begin, count, x, 0);
  high = above(begin + first, x);
  if (high == 0.0f) {
    rank = (float)(first + count_below(begin, count, x, 1) - 1U) / 2.0f;
    rest = (float)last - rank;
  } else {
    const float part = high / (high - above(begin + first - 1U, x));
    rank = (float)first - part;
    rest = (float)(last - first) + part;
  }
  /* The rank is counted from the nearer end: that end has more digits. */
  return rank <= rest ? normal_score(rank / (float)last) : -normal_score(rest / (float)last);
}`;
}
