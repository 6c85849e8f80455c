import { type About, publicName } from "./names.ts";

/** An Arduino sketch that predicts rows which arrive over the serial line, a number after the other. */
export function sketchText(about: About): string {
  const { name, plan: { output } } = about;
  const own = (word: string) => publicName(about, word);
  const answer = output.kind === "classes"
    ? `\
  const int best = ${own("predict_class")}(row);
  if (best < 0) Serial.println("no answer");
  else Serial.println(${own("predict_class_names")}[best]);`
    : `\
  float number;
  if (${own("predict")}(row, &number) != 0) Serial.println("no answer");
  else Serial.println(number);`;
  return `\
/*
 * Predicts rows that arrive over the serial line: ${own("PREDICT_COLUMNS")} numbers with spaces or
 * commas between them, and nan where a value is missing. This sketch, ${name}.c and ${name}.h
 * belong in one folder named ${name}.
 */
#define ${own("PREDICT_NAMES")}
#include "${name}.h"

static float row[${own("PREDICT_COLUMNS")}];
static char word[24];

/* Reads the next word of the line, and makes a number of it. */
static float nextNumber()
{
  unsigned length = 0;
  for (;;) {
    int letter;
    while ((letter = Serial.read()) < 0) {}
    if (letter == ' ' || letter == ',' || letter == '\\n' || letter == '\\r') {
      if (length > 0) break;
    } else if (length + 1 < sizeof word) word[length++] = (char)letter;
  }
  word[length] = '\\0';
  return (word[0] | 32) == 'n' ? NAN : (float)atof(word);
}

void setup()
{
  Serial.begin(115200);
}

void loop()
{
  for (int c = 0; c < ${own("PREDICT_COLUMNS")}; c++) row[c] = nextNumber();
${answer}
}
`;
}
