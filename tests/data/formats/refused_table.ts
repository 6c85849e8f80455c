import assert from "node:assert/strict";
import { type ReadDatasetOptions } from "../../../lib/data/formats/mod.ts";
import { fileOf, readDataset } from "../table_files.ts";

/** Reads a table and expects this sentence after the file's name. */
export async function refuses(
  content: string | Uint8Array,
  name: string,
  sentence: string,
  { ending, ...options }: Partial<ReadDatasetOptions> & { ending?: string } = {},
): Promise<void> {
  const path = fileOf(content, ending);
  const error = await readDataset(path, { target: "y", ...options }).then(
    () => assert.fail(`it was read; need: ${sentence}`),
    (error: Error) => error,
  );
  assert.equal(error.message.replace(JSON.stringify(path), "FILE"), `Cannot ${sentence}`);
  assert.equal(error.name, name);
}
