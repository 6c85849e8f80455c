import { isDecimal, isMissing } from "./cell_number.ts";
import { didYouMean, quoted, quotedList } from "../../messages.ts";

/** The role of the column of class labels. Roles from 0 are places among the features. */
export const TARGET = -1;
/** The role of the column of numbers to predict. */
export const NUMBER_TARGET = -2;
/** The role of a column that is not read. */
export const IGNORED = -3;

/** The columns that are wanted from a table. */
export interface ColumnRequest {
  /** The target column, or `null` for none. */
  readonly target: string | null;
  /** The task: a regression has a target of numbers. Default: classification. */
  readonly task?: "classification" | "regression" | undefined;
  /** The feature columns, in order, or `null` for every column that is not the target. */
  readonly featureNames: readonly string[] | null;
  /** Columns that are not features. */
  readonly ignore?: readonly string[] | undefined;
  /** Features that the model does not use. They may be missing and are not read. */
  readonly unused?: readonly string[] | undefined;
}

/** The role of every column of a table. */
export interface ColumnPlan {
  /** The header row, with names for columns that have none. */
  readonly names: readonly string[];
  /** The features without a name in the header row. */
  readonly unnamedColumns: readonly string[];
  /**
   * For every column of the file: its place among the features, `TARGET`, `NUMBER_TARGET` or
   * `IGNORED`.
   */
  readonly roles: Int32Array;
  /** The features, in order. */
  readonly featureNames: readonly string[];
  /** The columns that are not read, in the file's order. */
  readonly ignoredColumns: readonly string[];
}

/** Makes the array for the targets: floats for numbers, whole numbers for the codes of classes. */
export function targetArray({ roles }: ColumnPlan): (rows: number) => Int32Array | Float32Array {
  const isNumber = roles.includes(NUMBER_TARGET);
  return (rows) => isNumber ? new Float32Array(rows) : new Int32Array(rows);
}

/** The names of a header row. A column without a name is called by its place: `column 1`. */
export function namedColumns(header: readonly string[]): string[] {
  if (!header.includes("")) return [...header];
  const taken = new Set(header);
  return header.map((given, place) => {
    let name = given === "" ? `column ${place + 1}` : given;
    while (given === "" && taken.has(name)) name += "_";
    return name;
  });
}

/**
 * Finds the wanted columns in a header row.
 *
 * @param header The header row.
 * @param where The beginning of every message, such as `Cannot read "a.csv", line 1`.
 * @throws {TypeError} If a wanted column is missing, or the target is the only column.
 * @throws {SyntaxError} If a wanted column has a name that occurs twice.
 */
export function planColumns(
  header: readonly string[],
  { target, task, featureNames, ignore = [], unused = [] }: ColumnRequest,
  where: string,
): ColumnPlan {
  const names = namedColumns(header);
  const different = new Set(names);
  const roles = new Int32Array(names.length).fill(IGNORED);

  if (target !== null) {
    const place = names.indexOf(target);
    if (place < 0) {
      throw new TypeError(
        `${where}: found no column ${quoted(target)}, need it as the target${
          columnHint(target, names)
        }`,
      );
    }
    roles[place] = task === "regression" ? NUMBER_TARGET : TARGET;
  }

  const unknown = ignore.filter((name) => !different.has(name) && !header.includes(name));
  if (unknown.length > 0) {
    throw new TypeError(
      `${where}: found no column ${quotedList(unknown)} to ignore${columnHint(unknown[0], names)}`,
    );
  }
  const ignored = new Set(ignore);
  const features = featureNames ??
    names.filter((name, place) =>
      roles[place] === IGNORED && !ignored.has(name) && !ignored.has(header[place])
    );
  if (features.length === 0) {
    throw new TypeError(
      `${where}: found no column besides the target, need at least one feature`,
    );
  }
  const unread = new Set(unused);
  const missing = featureNames === null
    ? []
    : features.filter((name) => !different.has(name) && !unread.has(name));
  if (missing.length > 0) {
    throw new TypeError(
      `${where}: found no column ${quotedList(missing)}, need ` +
        `${features.length === 1 ? "it" : `all ${features.length} features`}` +
        columnHint(missing[0], names),
    );
  }
  if (featureNames === null && different.size === names.length && unread.size === 0) {
    // The features are in the file's order, so names need no look-up, which is slow with many names.
    let feature = 0;
    for (let place = 0; feature < features.length; place++) {
      if (names[place] === features[feature]) roles[place] = feature++;
    }
  } else {
    const places = firstPlaces(names);
    features.forEach((name, feature) => {
      const place = places.get(name);
      if (place === undefined || unread.has(name)) return;
      // Without a list of features, a name occurs twice only if the header repeats it. That is checked
      // below.
      if (roles[place] !== IGNORED && featureNames !== null) {
        throw new TypeError(
          `${where}: found ${
            quoted(name)
          } wanted twice, need every feature once and not the target`,
        );
      }
      roles[place] = feature;
    });
    refuseRepeated(names, places, roles, target, where);
  }

  const isUnnamed = header.includes("");
  return {
    names,
    unnamedColumns: isUnnamed
      ? names.filter((_, place) => header[place] === "" && roles[place] >= 0)
      : [],
    roles,
    featureNames: features,
    ignoredColumns: names.filter((_, place) => roles[place] === IGNORED),
  };
}

/**
 * Plans the reading of a single column, as the target.
 *
 * @throws {TypeError} If there is no such column.
 */
export function planTexts(header: readonly string[], column: string, where: string): ColumnPlan {
  const names = namedColumns(header);
  const place = names.indexOf(column);
  if (place < 0) {
    throw new TypeError(`${where}: found no column ${quoted(column)}${columnHint(column, names)}`);
  }
  const roles = new Int32Array(names.length).fill(IGNORED);
  roles[place] = TARGET;
  const ignoredColumns = names.toSpliced(place, 1);
  return { names, unnamedColumns: [], roles, featureNames: [], ignoredColumns };
}

/** Maps every name to the index of its first column. */
function firstPlaces(names: readonly string[]): Map<string, number> {
  const places = new Map<string, number>();
  names.forEach((name, place) => {
    if (!places.has(name)) places.set(name, place);
  });
  return places;
}

/** Refuses two columns with the same name. */
function refuseRepeated(
  names: readonly string[],
  places: ReadonlyMap<string, number>,
  roles: Int32Array,
  target: string | null,
  where: string,
): void {
  names.forEach((name, place) => {
    const first = places.get(name)!;
    if (first === place || roles[first] === IGNORED) return;
    const advice = name !== target ? "; --ignore leaves all columns of a name out" : "";
    throw new SyntaxError(
      `${where}: found the name ${quoted(name)} for columns ${first + 1} and ${place + 1}, ` +
        `need different names${advice}`,
    );
  });
}

/** The end of a message about a missing column: the nearest name, and all names. */
export function columnHint(name: string, names: readonly string[]): string {
  // Blanks after separators belong to the names.
  const padded = names.find((other) => other.trim() === name.trim());
  const nearest = padded === undefined
    ? didYouMean(name, names)
    : `; did you mean ${quoted(padded)}, with its blanks?`;
  const columns = `${nearest} (columns: ${quotedList(names)})`;
  return `${columns}${headerHint(names)}`;
}

/**
 * A remark about a header row that seems to be a row of numbers. Empty if there is no doubt. Names such as
 * 0, 1, 2 cause none, because programs write such names.
 */
export function headerRemarks(names: readonly string[]): string[] {
  const numbers = names.filter(isDecimal);
  const areCounted = numbers.every((name, place) => Number(name) === Number(numbers[0]) + place);
  if (2 * numbers.length < names.length || areCounted) return [];
  return [
    `The first line is taken for the columns' names (${
      quotedList(names.slice(0, 3))
    }, …): a table ` +
    `without a header row needs one before it`,
  ];
}

/** A hint that the first line is not a header row: a comment, or a row. */
function headerHint(names: readonly string[]): string {
  if (/^(#|%|\/\/)/.test(names[0])) {
    return " (the first line seems to be a comment, need the header row there)";
  }
  return names.some((name) => isDecimal(name) || isMissing(name))
    ? " (the first line seems to be a row, need a header row with names before it)"
    : "";
}
