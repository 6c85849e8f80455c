/** The table of results/million/README.md with the peers is that of its record. */
import assert from "node:assert/strict";
import { mean } from "../../../../lib/statistics/mod.ts";
import { readJsonFile, readText } from "../../../files.ts";
import { ROOT } from "../../../tasks/run_task.ts";

const FOLDER = `${ROOT}results/million`;
const PAGE = readText(`${FOLDER}/README.md`).replaceAll(/\s+/g, " ");
const says = (text: string) => assert.ok(PAGE.includes(text), `${text}\n${PAGE}`);

/** What one network took. */
interface Trained {
  readonly version?: string;
  readonly seconds: readonly number[];
  readonly bytesBefore: number;
  readonly peakBytes: number;
  readonly weights?: number;
}

const record: {
  readonly rows: number;
  readonly epochs: number;
  readonly sizes: readonly {
    readonly neurons: number;
    readonly denseWeights: number;
    readonly trained: Readonly<Record<string, Trained>>;
  }[];
} = readJsonFile(`${FOLDER}/peers.json`);

const short = (value: number) =>
  Number(value.toPrecision(2)).toLocaleString("en", {
    maximumSignificantDigits: 2,
  });
/** Gigabytes of weights, gradients and momenta of dense layers, 32 bits each. */
const needed = (weights: number) => short(12 * weights / 1e9);
const gigabytes = (bytes: number) => short(bytes / 1e9);
/** Processor seconds of an epoch after the first. */
const epochSeconds = ({ seconds }: Trained) => mean(seconds.slice(1));

Deno.test("the page has the memory and seconds of SET and of dense peers in one run", () => {
  const powers = record.sizes.map(({ neurons }) => Math.round(Math.log10(neurons)));
  assert.deepEqual(powers, [3, 4, 5, 6]);
  for (const { neurons, denseWeights, trained } of record.sizes) {
    const { SET, ...peers } = trained;
    const own = [neurons.toLocaleString("en"), SET.weights!.toLocaleString("en")];
    const cells = [
      ...own,
      short(epochSeconds(SET)),
      gigabytes(SET.peakBytes),
      needed(denseWeights),
      ...["scikit-learn", "PyTorch"].flatMap((name) =>
        peers[name] === undefined
          ? ["", ""]
          : [short(epochSeconds(peers[name])), gigabytes(peers[name].peakBytes)]
      ),
    ];
    says(`| ${cells.join(" | ")} |`.replaceAll(/ +/g, " "));
  }
});

Deno.test("the page says from which size on SET takes less, and what its peers take without a network", () => {
  for (const { trained: { SET, ...peers } } of record.sizes) {
    for (const peer of Object.values(peers)) {
      assert.ok(SET.peakBytes < peer.peakBytes);
      assert.ok(epochSeconds(SET) < epochSeconds(peer));
    }
  }
  const [{ trained }] = record.sizes;
  const before = (name: string) => gigabytes(trained[name].bytesBefore);
  says(
    `Before there is a network, the process has ${before("SET")} GB with this library, ` +
      `${before("scikit-learn")} GB with scikit-learn and ${before("PyTorch")} GB with PyTorch`,
  );
  says(`scikit-learn ${trained["scikit-learn"].version} and PyTorch ${trained.PyTorch.version}`);
});
