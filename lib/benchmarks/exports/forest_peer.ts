/**
 * Measures m2cgen's random forests on the raw columns.
 *
 * @module
 */
import { node } from "../../node.ts";
import { countingMain } from "./cortex_m4.ts";
import type { ExportMeasurement, Forest } from "./measurement.ts";
import { inNewFolder, onM4, someRows } from "./on_m4.ts";
import { type BoardProgram, measureProgram, type TableStudy } from "./table_study.ts";

/** The numbers of trees to choose from. */
const TREES = [1, 2, 4, 8, 16];

/** The trees of a forest of scikit-learn's defaults, which is not for the boards. */
const MANY = 100;

/** The largest flash of a small program, in bytes. */
const MOST_FLASH = 64 * 1024;

/**
 * Adds m2cgen's forests to a measured table: one of the most trees whose program fits 64 KB, or of one tree,
 * and scikit-learn's own of 100 trees, which is timed only. Needs `python3` with scikit-learn and m2cgen.
 *
 * @returns The measurement with the forests, or unchanged if they are not available.
 */
export async function withForest(
  table: TableStudy,
  measured: ExportMeasurement,
): Promise<ExportMeasurement> {
  table.tell("m2cgen");
  const forests = await forestPeers(table);
  if (typeof forests !== "string") return { ...measured, ...forests };
  table.tell(`left out m2cgen (${forests})`);
  return measured;
}

/** m2cgen's forests, or the reason why there are none. */
function forestPeers(
  table: TableStudy,
): Promise<Pick<ExportMeasurement, "forest" | "largeForest"> | string> {
  const { quick, timed, sets: { training, test } } = table;
  return inNewFolder(async (folder) => {
    for (const [name, { features, labels }] of [["train", training], ["test", test]] as const) {
      for (
        const [ending, { buffer, byteOffset, byteLength }] of [
          ["features", features],
          ["labels", labels],
        ] as const
      ) {
        const bytes = new Uint8Array(buffer, byteOffset, byteLength);
        node.fs.writeFileSync(`${folder}/${name}.${ending}`, bytes);
      }
    }
    const include = callText(test.columns, test.classes.length);
    const rows = someRows(test.features, test.columns);
    const flashOf = ({ files, include, call }: BoardProgram) =>
      onM4([...files, rows, countingMain(include, call)]).flash;
    const programOf = (content: string) => ({
      files: [{ name: "forest.c", content }],
      include,
      call: "forest(x)",
    });
    let chosen: Omit<Awaited<ReturnType<typeof madeForest>> & object, "joblib"> | undefined;
    for (const count of quick ? TREES.slice(0, 1) : TREES) {
      const made = await madeForest(folder, count, test.columns, true);
      if (typeof made === "string") return made;
      if (chosen !== undefined && flashOf(programOf(made.content)) > MOST_FLASH) break;
      chosen = made;
    }
    const { content, trees, accuracy } = chosen!;
    const forest = { trees, accuracy, ...measureProgram(table, "forest", programOf(content)) };
    const many = await madeForest(folder, quick ? 2 : MANY, test.columns, false);
    if (typeof many === "string") return many;
    timed.forests.largeForest = many.joblib;
    return { forest, largeForest: { trees: many.trees, accuracy: many.accuracy } };
  });
}

/** A forest of `trees` trees, as C if `program` is `true`, or the reason why there is none. */
async function madeForest(folder: string, trees: number, columns: number, program: boolean) {
  const { fs, url } = node;
  fs.writeFileSync(`${folder}/peer.json`, JSON.stringify({ trees, columns, program }));
  const script = url.fileURLToPath(new URL("./forest_peer.py", import.meta.url));
  const { success, stderr } = await new Deno.Command("python3", {
    args: [script, folder],
    cwd: folder,
  }).output();
  if (!success) return new TextDecoder().decode(stderr).trimEnd().split("\n").at(-1)!;
  const text = (name: string) => fs.readFileSync(`${folder}/${name}`, "utf8");
  const about: Pick<Forest, "trees" | "accuracy"> = JSON.parse(text("forest.json"));
  const joblib = new Uint8Array(fs.readFileSync(`${folder}/forest.joblib`));
  return { ...about, content: program ? text("forest.c") : "", joblib };
}

/** The call of m2cgen's function, which takes and returns 64-bit floats. */
function callText(columns: number, classes: number): string {
  return `\
void score(double *input, double *output);
static int forest(const float *x)
{
  static double input[${columns}], output[${classes}];
  int i, best = 0;
  for (i = 0; i < ${columns}; i++) input[i] = x[i];
  score(input, output);
  for (i = 1; i < ${classes}; i++) if (output[i] > output[best]) best = i;
  return best;
}`;
}
