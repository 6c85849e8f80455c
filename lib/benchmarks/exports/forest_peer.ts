/**
 * Measures m2cgen's random forests on the raw columns.
 *
 * @module
 */
import { node } from "../../node.ts";
import { countingMain } from "./cortex_m4.ts";
import type { ExportMeasurement, Forest } from "./measurement.ts";
import { inNewFolder, onM4, someRows } from "./on_m4.ts";
import { type RowSets, splitRows } from "./row_sets.ts";

/** The numbers of trees to choose from. */
const TREES = [1, 2, 4, 8, 16];

/** The largest flash of a small program, in bytes. */
const MOST_FLASH = 64 * 1024;

/**
 * Adds m2cgen's forest to a measured table. It has the most trees whose program fits 64 KB, or one tree.
 * Needs `python3` with scikit-learn and m2cgen.
 *
 * @returns The measurement with the forest, or unchanged if it is not available.
 */
export async function withForest(
  measured: ExportMeasurement,
  quick: boolean,
  tell: (what: string) => void,
): Promise<ExportMeasurement> {
  const { file } = measured;
  tell(`${file}: m2cgen`);
  const forest = await forestPeer(await splitRows(file, quick), quick ? TREES.slice(0, 1) : TREES);
  if (typeof forest !== "string") return { ...measured, forest };
  tell(`${file}: left out m2cgen (${forest})`);
  return measured;
}

/** m2cgen's forest, or the reason why there is none. */
function forestPeer(
  { training, test }: RowSets,
  trees: readonly number[],
): Promise<Forest | string> {
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
    const rows = someRows(test.features, test.columns);
    const main = countingMain(callText(test.columns, test.classes.length), "forest(x)");
    let chosen: Forest | undefined;
    for (const count of trees) {
      const made = await madeForest(folder, count, test.columns);
      if (typeof made === "string") return made;
      const { content, ...about } = made;
      const costs = onM4([{ name: "forest.c", content }, rows, main]);
      if (chosen !== undefined && costs.flash > MOST_FLASH) break;
      chosen = { ...about, ...costs };
    }
    return chosen!;
  });
}

/** A forest of `trees` trees as C, or the reason why there is none. */
async function madeForest(folder: string, trees: number, columns: number) {
  const { fs, url } = node;
  fs.writeFileSync(`${folder}/peer.json`, JSON.stringify({ trees, columns }));
  const script = url.fileURLToPath(new URL("./forest_peer.py", import.meta.url));
  const { success, stderr } = await new Deno.Command("python3", {
    args: [script, folder],
    cwd: folder,
  }).output();
  if (!success) return new TextDecoder().decode(stderr).trimEnd().split("\n").at(-1)!;
  const text = (name: string) => fs.readFileSync(`${folder}/${name}`, "utf8");
  const about: Pick<Forest, "version" | "trees" | "accuracy"> = JSON.parse(text("forest.json"));
  return { ...about, content: text("forest.c") };
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
