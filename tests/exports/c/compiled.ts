/**
 * Exported programs, compiled and run: rows go in as 32-bit floats, statuses and answers come out.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { ExportedFile } from "../../../lib/exports/mod.ts";
import { newFolder, readBytes, writeFile } from "../../files.ts";

/** The flags under which an exported program has no warning. */
export const STRICT = "-std=c99 -Wall -Wextra -pedantic -Werror";

/** What a program answers to rows. */
export interface Answers {
  /** What `predict` returned for every row. */
  readonly status: Int32Array;
  /** Length rows × width. */
  readonly answers: Float32Array;
}

/** Runs a line of shell, and gives what it prints. Fails with what it says. */
export function shell(line: string, cwd: string): string {
  const { success, stdout, stderr } = new Deno.Command("sh", { args: ["-c", line], cwd })
    .outputSync();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assert.ok(success, `${line}\n${text(stdout)}\n${text(stderr)}`);
  return text(stdout);
}

/** Tells whether programs are installed. */
export function isInstalled(...programs: string[]): boolean {
  return programs.every((program) =>
    new Deno.Command("sh", { args: ["-c", `command -v ${program}`], stdout: "null" }).outputSync()
      .success
  );
}

/** A folder with the files of a program. */
export function folderOf(files: readonly ExportedFile[]): string {
  const folder = newFolder();
  for (const { name, content } of files) writeFile(`${folder}/${name}`, content);
  return folder;
}

/** The main program: rows from standard input, a status and answers for each to standard output. */
function mainText(width: number): string {
  return `\
#include <stdio.h>
#include "model.h"
int main(void)
{
  static float row[PREDICT_COLUMNS], answer[${width}];
  while (fread(row, sizeof row, 1, stdin) == 1) {
    int i, status;
    for (i = 0; i < ${width}; i++) answer[i] = -1.0f;
    status = predict(row, answer);
    fwrite(&status, sizeof status, 1, stdout);
    fwrite(answer, sizeof answer, 1, stdout);
  }
  return 0;
}
`;
}

/** Compiles the files of a program, and runs it on rows. */
export function runProgram(
  files: readonly ExportedFile[],
  rows: Float32Array,
  width: number,
  { flags = `${STRICT} -O2`, runner = "" }: { flags?: string; runner?: string } = {},
): Answers {
  const folder = folderOf(files);
  writeFile(`${folder}/main.c`, mainText(width));
  writeFile(`${folder}/rows`, new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength));
  shell(`cc ${flags} model.c main.c -o program -lm`, folder);
  shell(`${runner} ./program < rows > answers`, folder);
  return answersOf(`${folder}/answers`, width);
}

/** Reads what a main program wrote. */
export function answersOf(path: string, width: number): Answers {
  const bytes = readBytes(path);
  const count = bytes.length / (4 + 4 * width);
  assert.ok(Number.isInteger(count));
  const status = new Int32Array(count);
  const answers = new Float32Array(count * width);
  for (let row = 0; row < count; row++) {
    const from = row * (4 + 4 * width);
    status[row] = new Int32Array(bytes.slice(from, from + 4).buffer)[0];
    answers.set(new Float32Array(bytes.slice(from + 4, from + 4 + 4 * width).buffer), row * width);
  }
  return { status, answers };
}
