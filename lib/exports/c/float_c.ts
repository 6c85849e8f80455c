/**
 * Writes the part of a program in C that computes the answer from the inputs in 32-bit floats.
 *
 * @module
 */
import type { ExportPlan, PlannedLayer, PlannedMember } from "../plan.ts";
import { addTable, floatText } from "./c_text.ts";
import { addLayer, type SumEnd, type SumTypes } from "./layers_c.ts";
import { addBuffer, addFunction, type Program } from "./program.ts";
import { IS_MISSING } from "./reading_c.ts";
import type { CWeights } from "./weights.ts";

const TYPES: SumTypes = { weight: "f32", input: "float", sum: "float", cell: "float", member: "" };

/** The input of an index, written in C. */
export function floatInput(index: string): string {
  return `inputs[${index}]`;
}

/**
 * Returns `true` if the program has `class_of_logits()`, which finds the class of one member without a
 * softmax.
 */
export function hasClassOfLogits(weights: CWeights, { members, output }: ExportPlan): boolean {
  return weights === "float32" && members.length === 1 && output.kind === "classes";
}

/** Adds the members and `answer(result)`, which returns 0, or −1 if the answer is not finite. */
export function addFloatMembers(program: Program, plan: ExportPlan): void {
  const { inputs, members, output } = plan;
  addBuffer(program, "float", "inputs", inputs, 4);
  // Two buffers alternate as inputs and outputs: one for even layers, one for odd layers.
  for (const turn of [0, 1]) {
    const widths = members.flatMap(({ layers }) =>
      layers.filter((_, l) => l % 2 === turn).map(({ outputs }) => outputs)
    );
    if (widths.length > 0) addBuffer(program, "float", `outputs_${turn}`, Math.max(...widths), 4);
  }
  members.forEach((member) => addMember(program, member));
  if (output.kind === "classes" && hasClassOfLogits("float32", plan)) {
    addFunction(program, "is_missing", IS_MISSING);
    const text = classOfLogits(members[0].number, output.classes.length);
    addFunction(program, "class_of_logits", text);
  }
  addFunction(program, "answer", output.kind === "classes" ? classAnswer() : numberAnswer());

  function classAnswer(): string {
    if (output.kind !== "classes") return "";
    const { classes: { length }, temperature } = output;
    addFunction(program, "add_softmax", addSoftmax(length));
    if (temperature !== null) addFunction(program, "calibrate", calibrate(length, temperature));
    return `\
static int answer(float *result)
{
  int c;
  for (c = 0; c < ${length}; c++) result[c] = 0.0f;
${
      members.map(({ number, share }) =>
        `  add_softmax(member_${number}(), ${floatText(share)}, result);`
      ).join("\n")
    }
${temperature === null ? "" : "  calibrate(result);\n"}\
  for (c = 0; c < ${length}; c++) if (!is_finite(result[c])) return -1;
  return 0;
}`;
  }

  function numberAnswer(): string {
    if (output.kind !== "number") return "";
    const terms = members.map(({ number, share }) =>
      `  sum += ${floatText(share)} * member_${number}()[0];`
    );
    return `\
static int answer(float *result)
{
  float sum = 0.0f;
${terms.join("\n")}
  *result = ${floatText(output.mean)} + ${floatText(output.deviation)} * sum;
  return is_finite(*result) ? 0 : -1;
}`;
  }
}

function addMember(program: Program, { number, layers }: PlannedMember): void {
  const lines = layers.map((layer, l) => {
    const name = `m${number}_l${l + 1}`;
    const [x, y] = [l === 0 ? "inputs" : `outputs_${(l - 1) % 2}`, `outputs_${l % 2}`];
    addTable(program.tables, "f32", `${name}_bias`, layer.bias);
    const before = layers[l - 1]?.activation;
    return addLayer(program, layer, name, TYPES, x, y, before, endOf(layer));
  });
  const last = `outputs_${(layers.length - 1) % 2}`;
  addFunction(
    program,
    `member_${number}`,
    `\
/* Member ${number}, layer after layer. */
static const float *member_${number}(void)
{
  ${lines.join("\n  ")}
  return ${last};
}`,
  );
}

/**
 * The activation is applied when a sum is stored. A second pass over the sums would take as long as the
 * products of short rows.
 */
function endOf({ activation }: PlannedLayer): SumEnd {
  if (activation.kind === "none") return { name: "plain", stored: (sum) => sum };
  if (activation.kind === "sine") return { name: "sine", stored: (sum) => `sinf(${sum})` };
  const { slope } = activation;
  if (slope === 0) return { name: "rectified", stored: (sum) => `${sum} < 0.0f ? 0.0f : ${sum}` };
  const factor = floatText(slope);
  return {
    // Layers with the same slope share their loops.
    name: `sloped_${factor.replaceAll(/[^0-9a-z]/g, "_")}`,
    stored: (sum) => `${sum} < 0.0f ? ${sum} * ${factor} : ${sum}`,
  };
}

// Softmax and calibration keep the order of logits, so the largest logit tells the class.
function classOfLogits(number: number, classes: number): string {
  return `\
/* The class of the largest logit, or -1 where \`predict\` has no answer. */
static int class_of_logits(void)
{
  const float *logits = member_${number}();
  int best = 0, c;
  for (c = 0; c < ${classes}; c++) {
    if (is_missing(logits[c])) return -1;
    if (logits[c] > logits[best]) best = c;
  }
  return is_finite(logits[best]) ? best : -1;
}`;
}

function addSoftmax(classes: number): string {
  return `\
/* Adds a member's probabilities times its share. */
static void add_softmax(const float *logits, float share, float *result)
{
  float largest = logits[0], total = 0.0f;
  int c;
  for (c = 1; c < ${classes}; c++) if (logits[c] > largest) largest = logits[c];
  for (c = 0; c < ${classes}; c++) total += expf(logits[c] - largest);
  for (c = 0; c < ${classes}; c++) result[c] += share * expf(logits[c] - largest) / total;
}`;
}

function calibrate(classes: number, temperature: number): string {
  return `\
/* Raises probabilities to the power of 1 / ${temperature.toPrecision(6)}, and normalises them. */
static void calibrate(float *result)
{
  float most = 2.22044605e-16f, total = 0.0f;
  int c;
  for (c = 0; c < ${classes}; c++) if (result[c] > most) most = result[c];
  for (c = 0; c < ${classes}; c++) {
    const float p = result[c] < 2.22044605e-16f ? 2.22044605e-16f : result[c];
    result[c] = expf((logf(p) - logf(most)) * ${floatText(1 / temperature)});
    total += result[c];
  }
  for (c = 0; c < ${classes}; c++) result[c] /= total;
}`;
}
