/**
 * Small tables whose rows are streamed in many small blocks.
 *
 * @module
 */
import type { ReadDatasetOptions } from "../../lib/data/table/mod.ts";
import { prepareStream, type StreamRequest } from "../../lib/streams/mod.ts";
import { newFolder, writeFile } from "../files.ts";

/** 300 rows of two numbers, one of which is missing at times, two columns of text, and a class or a number. */
export function mixedTable(rows = 300): string {
  let state = 7;
  const next = () => (state = (Math.imul(1664525, state) + 1013904223) >>> 0) >>> 16;
  const lines = ["size,colour,constant,shape,weight,class,price"];
  for (let row = 0; row < rows; row++) {
    const [size, weight] = [next() % 1000, next() % 500];
    const colour = ["red", "green", "blue"][next() % 3];
    const shape = next() % 50 === 0 ? "star" : ["round", "square"][next() % 2];
    const shown = next() % 10 === 0 ? "" : `${weight / 8}`;
    // The first class is seen late.
    const label = row > rows / 2 && size < 200
      ? "alpha"
      : size + 10 * weight > 3000
      ? "omega"
      : "mid";
    lines.push(`${size},${colour},1,${shape},${shown},${label},${size / 4 - weight}`);
  }
  const path = `${newFolder()}/mixed.csv`;
  writeFile(path, `${lines.join("\n")}\n`);
  return path;
}

/** The request for a table in blocks of 16 rows, three of them at a time. */
export function tinyRequest(
  file: string,
  options: ReadDatasetOptions,
  other: Partial<StreamRequest> = {},
): StreamRequest {
  return {
    file,
    options,
    memory: 1e7,
    seed: 1,
    scaling: "quantile",
    testFraction: 0,
    validationFraction: 0,
    windows: () => ({ blockRows: 16, windowBlocks: 3 }),
    ...other,
  };
}

/** A table in a file of blocks in a new folder. */
export async function tinyStream(request: StreamRequest) {
  const path = `${newFolder()}/rows.f32`;
  return { path, table: await prepareStream(request, path) };
}
