/**
 * Markdown pages taken apart, as far as tests need it: code blocks, prose, tables, links, anchors.
 *
 * @module
 */
import { namesIn, readText } from "../files.ts";
import { ROOT } from "../tasks/run_task.ts";

/** The pages that people read, as paths from the repository. */
export const PAGES: readonly string[] = [
  "README.md",
  ...namesIn(`${ROOT}docs`).filter((name) => name.endsWith(".md")).map((name) => `docs/${name}`),
  "results/README.md",
  "results/comparison/README.md",
  "results/methods/README.md",
];

/** A page as text. */
export function readPage(path: string): string {
  return readText(`${ROOT}${path}`);
}

/** A fenced block of code. */
export interface CodeBlock {
  /** The first word behind the fence, such as `ts`. */
  readonly language: string;
  /** The code. */
  readonly code: string;
}

const FENCED = /^```(\w*)(?: \w+)*\n([^]*?)^```$/gm;

/** The blocks of code, in order. */
export function codeBlocks(page: string): CodeBlock[] {
  return Array.from(page.matchAll(FENCED), ([, language, code]) => ({ language, code }));
}

/** A page without its blocks of code. */
export function withoutCode(page: string): string {
  return page.replaceAll(FENCED, "");
}

/** The section under a heading of any level, up to the next heading of the same or a higher one. */
export function section(page: string, heading: string): string {
  const lines = page.split("\n");
  const start = lines.findIndex((line) => /^#+ /.test(line) && plain(line) === heading);
  if (start < 0) throw new RangeError(`Cannot find the heading "${heading}"`);
  const level = levelOf(lines[start]);
  // A `#` at the beginning of a line of code is no heading.
  let fenced = false;
  const length = lines.slice(start + 1).findIndex((line) => {
    if (line.startsWith("```")) fenced = !fenced;
    return !fenced && levelOf(line) > 0 && levelOf(line) <= level;
  });
  return lines.slice(start, length < 0 ? undefined : start + 1 + length).join("\n");
}

function levelOf(line: string): number {
  return /^#+(?= )/.exec(line)?.[0].length ?? 0;
}

function plain(heading: string): string {
  return heading.replace(/^#+ /, "").replaceAll("`", "");
}

/** Every table as rows of cells, the head first, without emphasis and the addresses of links. */
export function tables(page: string): string[][][] {
  const found = withoutCode(page).matchAll(/^\|.*\|\n\|[-: |]+\|\n(?:\|.*\|(?:\n|$))*/gm);
  return Array.from(
    found,
    ([table]) => table.trimEnd().split("\n").filter((_, line) => line !== 1).map(cells),
  );
}

function cells(line: string): string[] {
  return line.slice(1, -1).split(/(?<!\\)\|/).map((cell) =>
    cell.replaceAll("**", "").replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").trim()
  );
}

/** A page's paragraphs: neither code nor tables nor addresses, and white space as single blanks. */
export function prose(page: string): string {
  return withoutCode(page)
    .replaceAll(/^\|.*\|$/gm, "")
    .replaceAll(/\]\([^)]*\)/g, "]")
    .replaceAll("**", "")
    .replaceAll(/\s+/g, " ");
}

/** The targets of all links and images, in order. */
export function links(page: string): string[] {
  return Array.from(withoutCode(page).matchAll(/\]\(([^)\s]+)\)/g), ([, target]) => target);
}

/** The names that GitHub gives to headings. */
export function anchors(page: string): string[] {
  const headings = withoutCode(page).matchAll(/^#+ (.*)$/gm);
  return Array.from(headings, ([, heading]) =>
    heading.toLowerCase()
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .replaceAll(/[^\p{L}\p{N}\- _]/gu, "")
      .replaceAll(" ", "-"));
}
