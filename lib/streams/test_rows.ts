/**
 * Reads the test rows of a streamed table again, long after its training. They were drawn by their numbers,
 * so they can be found in the table.
 *
 * @module
 */
import { readElsewhere } from "../data/formats/mod.ts";
import { type Dataset, passingRows } from "../data/table/mod.ts";
import { drawParts } from "./held_out_rows.ts";
import { mostHeldOut } from "./memory_plan.ts";
import { mostInputs, type StreamRequest } from "./prepare_stream.ts";
import { heldOut } from "./fit_rows.ts";

/**
 * Reads the rows that `prepareStream` holds out for the test. The table is read twice: its rows are counted first.
 *
 * @returns The rows as they are in the table; `null` for none.
 * @throws {Error} If the table cannot be read. The other errors are those of `readDataset`.
 */
export async function streamedTestRows(request: StreamRequest): Promise<Dataset | null> {
  const { file, options, memory, testFraction, validationFraction, seed } = request;
  if (testFraction === 0) return null;
  const { dataset, recode } = await readElsewhere(
    file,
    options,
    (plan) => passingRows(plan, () => {}),
  );
  const { rows, columns } = dataset;
  const most = mostHeldOut(memory, Math.max(columns, mostInputs(dataset)));
  const parts = drawParts(rows, { testFraction, validationFraction, most, seed });
  let test = heldOut(dataset, parts.test);
  await readElsewhere(file, options, (plan) => {
    test = heldOut(dataset, parts.test);
    return passingRows(plan, ({ features, targets, first, rows }) => {
      recode(features, first, rows);
      test.take(features, targets, first, rows);
    });
  });
  return test.rows(dataset.classes.length === 0 ? null : dataset.labels);
}
