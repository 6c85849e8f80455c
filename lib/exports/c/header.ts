import { notationText } from "../../data/table/mod.ts";
import { plural } from "../../messages.ts";
import { commentText, floatText, textLiteral } from "./c_text.ts";
import { type About, publicName } from "./names.ts";

/** The header of a program in C. */
export function headerText(about: About): string {
  const { plan: { columns, output, target, categories, notations }, name } = about;
  const own = (word: string) => publicName(about, word);
  const guard = `${own("PREDICT")}_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}_H`;
  const codes = new Map(categories.map(({ column, categories }) => [column, categories]));
  const used = usedColumns(about);
  // A plain number is given as it is. Of a date, the caller must know the days from which it is counted.
  const notes = new Map(
    notations.filter(({ kind, sign }) =>
      sign !== undefined || (kind !== "point" && kind !== "comma")
    )
      .map(({ column, missing: _, ...own }) => [column, ` (${commentText(notationText(own))})`]),
  );
  const lines = columns.map((column, c) => {
    const kind = !used.has(c)
      ? "not used"
      : codes.has(c)
      ? `a category by its code, ${codes.get(c)!.length} of them`
      : `a number${notes.get(c) ?? ""}`;
    return ` * ${`${c}`.padStart(3)}  ${commentText(column)}: ${kind}`;
  });
  return `\
/*
 * ${commentText(target)}, predicted from ${plural(columns.length, "column")}:
 *
${lines.join("\n")}
 *
 * NAN is a missing value. A category is the place of its name in ${own("predict_categories")}_N,
 * where N is the column; any other number, such as -1, is a category that is none of them.
 */
#ifndef ${guard}
#define ${guard}

#ifdef __cplusplus
extern "C" {
#endif

/* The numbers of a row. */
#define ${own("PREDICT_COLUMNS")} ${columns.length}
${output.kind === "classes" ? classPart(about) : numberPart(about)}
#ifdef ${own("PREDICT_NAMES")}
/* Define ${own("PREDICT_NAMES")} before this header to have the names. */
static const char *const ${own("predict_column_names")}[] = {
${namesOf(columns)}
};
${
    output.kind === "classes"
      ? `static const char *const ${own("predict_class_names")}[] = {\n${
        namesOf(output.classes)
      }\n};\n`
      : ""
  }${
    categories.map(({ column, categories }) =>
      `static const char *const ${own("predict_categories")}_${column}[] = {\n${
        namesOf(categories)
      }\n};\n`
    ).join("")
  }#endif

#ifdef __cplusplus
}
#endif
#endif
`;
}

function namesOf(names: readonly string[]): string {
  return names.map((name) => `  ${textLiteral(name)}`).join(",\n");
}

function usedColumns({ plan: { numbers, missing, categories } }: About): Set<number> {
  return new Set([...numbers, ...missing, ...categories].map(({ column }) => column));
}

/** The sentences on what is returned. */
const RETURNS = `\
 * Returns 0; or 1 + the first column whose value is of no use: infinite, or too far from the
 * training rows' numbers; or -1 if the answer is not finite. Then there is no answer.`;

function classPart(about: About): string {
  const { plan: { output } } = about;
  if (output.kind !== "classes") return "";
  const own = (word: string) => publicName(about, word);
  const { classes } = output;
  return `\
/* The classes, in this order:
${classes.map((name, c) => ` * ${`${c}`.padStart(3)}  ${commentText(name)}`).join("\n")}
 */
#define ${own("PREDICT_CLASSES")} ${classes.length}

/*
 * Gives the probability of every class for one row of ${own("PREDICT_COLUMNS")} numbers.
${RETURNS}
 */
int ${own("predict")}(const float *row, float *probabilities);

/* Returns the most probable class of one row, or -1 where there is no answer. */
int ${own("predict_class")}(const float *row);
`;
}

function numberPart(about: About): string {
  const { plan: { output } } = about;
  if (output.kind !== "number") return "";
  const own = (word: string) => publicName(about, word);
  return `\
/* The mean of the training rows' numbers, a guess where there is no answer. */
#define ${own("PREDICT_MEAN")} ${floatText(output.mean)}

/*
 * Gives the number for one row of ${own("PREDICT_COLUMNS")} numbers.
${RETURNS}
 */
int ${own("predict")}(const float *row, float *number);
`;
}
