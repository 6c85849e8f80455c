/** The numbers of results/million/README.md are those of its records. */
import assert from "node:assert/strict";
import { reproduce } from "../../../../lib/experiments/paper/reproduce.ts";
import { newFolder, readText, writeFile } from "../../../files.ts";
import { ROOT } from "../../../tasks/run_task.ts";

const FOLDER = `${ROOT}results/million`;
const { tables, findings } = JSON.parse(readText(`${FOLDER}/million.json`));
const PAGE = readText(`${FOLDER}/README.md`).replaceAll(/\s+/g, " ");
const says = (text: string) => assert.ok(PAGE.includes(text), text);

Deno.test("the page has the accuracy, time, memory and size of a million neurons of the records", () => {
  for (const row of tables.million) {
    assert.ok(row.neurons >= 1e6 && row.peakBytes <= 12e9);
    const cells = [
      row.blockSize,
      row.weights.toLocaleString("en"),
      row.accuracy.toFixed(1),
      row.epochSeconds.toPrecision(2),
      (row.peakBytes / 1e9).toPrecision(2),
      (row.modelBytes / 1e6).toPrecision(3),
    ];
    says(`| ${cells.join(" | ")} |`);
    says(`${Number((row.denseBytes / 1e9).toPrecision(2))} GB of weights`);
  }
});

Deno.test("the page has the slopes and estimates of the records", () => {
  for (const { evidence } of findings.filter(({ numbers }: { numbers?: object }) => numbers)) {
    const [, power, last] = /^Power (\S+) from .*[ ,](\S+)$/.exec(evidence)!;
    says(power);
    says(last);
  }
  for (const row of tables.curve) {
    const { neurons, estimatedBytes, peakBytes } = row;
    if (neurons > 1e7) says(`${(estimatedBytes / 1e9).toPrecision(2)} GB`);
    else if (neurons > 1e6) assert.ok(peakBytes / estimatedBytes < 2.75);
    if (neurons < 1e7 || peakBytes === null) continue;
    says(
      `${row.weights.toLocaleString("en")} connections, ${row.epochSeconds.toPrecision(2)} seconds`,
    );
    says(`${(peakBytes / 1e9).toPrecision(2)} GB at the peak`);
    says(`model file of ${(row.modelBytes / 1e6).toPrecision(3)} MB`);
  }
});

Deno.test("the report is that of its records, to the byte", async () => {
  const out = newFolder();
  await Deno.mkdir(`${out}/million`);
  for (const name of ["selection.json", "runs.jsonl", "measured.jsonl"]) {
    writeFile(`${out}/million/${name}`, readText(`${FOLDER}/${name}`));
  }
  await reproduce("million", { runs: `${out}/runs`, out, fromRecords: true });
  for (const name of ["million.md", "million.json", "million.csv", "curve.csv", "cost.svg"]) {
    assert.equal(readText(`${out}/million/${name}`), readText(`${FOLDER}/${name}`), name);
  }
});
