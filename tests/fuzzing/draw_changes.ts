/**
 * Draws changes of a document: strange values where a reader may not look for them.
 *
 * @module
 */
import type { Random } from "../../lib/random.ts";
import { type Change, type Path, type Value, valueAt } from "./document.ts";

const NUMBERS = [
  ...[0, -0, 1, -1, 2, 0.5, 1.5, -0.5, 127, 255, 256, 65_535, 65_536, 1e5, 1e6, 1e9],
  ...[2 ** 31 - 1, 2 ** 31, -(2 ** 31), 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, 2 ** 53, -(2 ** 53)],
  ...[1e-45, 5e-324, 1e-30, 1e30, 1e38, 3.4e38, -3.4e38, 3.5e38, 1e300, 1.8e308, -1e308],
];

const RAW: readonly Value[] = [
  ...'1e999 -1e999 NaN Infinity 007 1e 0x10 nil // , {"a":1,"a":2} [[['.split(" ")
    .map(($raw) => ({ $raw })),
  ...[{ $nested: 3000 }, { $nested: 20_000 }],
];

const TEXTS = [
  ...[
    "",
    " ",
    "x",
    "y",
    "0",
    "-1",
    "1e999",
    "0x10",
    "?",
    "null",
    "true",
    "__proto__",
    "constructor",
  ],
  ...[
    "toString",
    "length",
    "../../outside",
    "/outside",
    "..",
    "a/b",
    "a\\b",
    "con",
    "-rf",
    "--out",
  ],
  ...[
    "\u001b[31mred\u0007",
    "line\nbreak",
    "back\rto",
    "tab\there",
    "\u0000",
    "\u202etxt",
    "\u2028",
  ],
  ...["\ud800", "\ufeffy", "😀", "é", "e\u0301", "\u009b31m", "<script>alert(1)</script>", "&lt;"],
  ...[
    "[link](https://example.com)",
    "https://example.com/x",
    "![i](x)",
    "|",
    "`code`",
    "$(touch x)",
  ],
  ...[
    "; touch x",
    "'",
    '"',
    '""',
    ",",
    ";",
    "%",
    "{",
    "}",
    "{a,b}",
    "=1+1",
    "@SUM(1)",
    "a".repeat(300),
  ],
];

/** Words that some place of some file takes. */
const WORDS = [
  ..."wasm native reference fd rd set rigl static dense dist edst adam sgd modern paper auto none"
    .split(" "),
  ..."regression classification epoch member topology rollback choice periodic quantile standard"
    .split(" "),
  ..."numeric string date {a} DOUBLE STRING INT32 BOOLEAN JSON TIMESTAMP <f4 >f8 <U3 |S2 |b1 |O <f2"
    .split(" "),
  ..."True False F32 F64 I32 U8 sparse dense temperature".split(" "),
];

/** Texts that are long: of many letters, many lines, or letters that take four bytes. */
const LONG: readonly Value[] = [
  { $times: ["9", 5000] },
  { $times: ["long ", 20_000] },
  { $times: ["😀", 40_000] },
  { $times: ["\n", 5000] },
];

const OTHERS: readonly Value[] = [null, true, false, [], {}, [null], [[]], { length: -1 }, [0], [
  -1,
]];

/** One to six changes, each at a place of the document that a walk down from its root finds. */
export function drawChanges(document: Value, random: Random): Change[] {
  const count = [1, 1, 1, 1, 2, 2, 2, 3, 4, 6][random.below(10)];
  return Array.from({ length: count }, () => drawChange(document, random));
}

function drawChange(document: Value, random: Random): Change {
  const path = drawPath(document, random);
  const kind = random.below(100);
  if (kind < 8) return { byte: random.float(), value: random.below(256) };
  if (kind < 20) return { remove: path };
  if (kind < 25) {
    return { rename: path, to: oneOf(TEXTS, random), times: oneOf([1, 1, 1, 5000], random) };
  }
  if (kind < 40) return { copy: path, from: drawPath(document, random) };
  if (kind < 48) return { repeat: path, times: oneOf([2, 3, 20, 1000, 20_000, 200_000], random) };
  if (kind < 52) {
    return { set: [...path.slice(0, -1), oneOf(TEXTS, random)], value: strange(null, random) };
  }
  return { set: path, value: strange(valueAt(document, path) ?? null, random) };
}

/** Every level of a document is equally likely to be stopped at, however many parts the next one has. */
function drawPath(document: Value, random: Random): Path {
  const path: (string | number)[] = [];
  let value = document;
  while (typeof value === "object" && value !== null) {
    if (path.length > 0 && random.below(6) === 0) break;
    const parts = Array.isArray(value) ? value.length : Object.keys(value).length;
    if (parts === 0) break;
    const place = random.below(parts);
    const key: string | number = Array.isArray(value) ? place : Object.keys(value)[place];
    path.push(key);
    value = (value as { [key: string | number]: Value })[key];
  }
  return path;
}

/** Of the same kind in most cases: another kind is found out more easily. */
function strange(old: Value, random: Random): Value {
  const like = random.below(10) < 7 ? typeof old : "any";
  if (like === "number") {
    const near = (old as number) + oneOf([1, -1, 0.5, 100], random);
    const far = [...NUMBERS, near, near, near, -(old as number), 2 * (old as number)];
    return random.below(8) === 0 ? oneOf(RAW, random) : oneOf(far, random);
  }
  if (like === "string") return oneOf(oneOf([WORDS, TEXTS, TEXTS, TEXTS, LONG], random), random);
  if (like === "boolean") return !(old as boolean);
  const any: readonly Value[] = [
    ...[oneOf(NUMBERS, random), oneOf(TEXTS, random), oneOf(OTHERS, random), oneOf(OTHERS, random)],
    ...[oneOf(RAW, random), oneOf(LONG, random)],
  ];
  return oneOf(any, random);
}

function oneOf<T>(list: readonly T[], random: Random): T {
  return list[random.below(list.length)];
}
