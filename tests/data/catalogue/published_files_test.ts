/** The catalogue beside the publishers' own files and the paper's table. */
import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { CATALOGUE, fetchDataset, verifyDataset } from "../../../lib/data/catalogue/mod.ts";
import { isThere, namesIn, newFolder, readBytes } from "../../files.ts";
import { denoTasks } from "../../tasks/run_task.ts";
import { type Offer, serveFiles } from "./file_server.ts";
import { sha256 } from "./digest.ts";

const shared = Deno.env.get("SPARSEMBLE_DATA");

/** The benchmark's own file: what it was before its labels were renamed. */
function originalOf(name: string): Uint8Array<ArrayBuffer> {
  const { file, sources } = CATALOGUE[name];
  const { label, codes } = sources[0];
  const back = new Map(Object.entries(codes ?? { 0: "0", 1: "1" }).map(([from, to]) => [to, from]));
  const text = gunzipSync(readBytes(`${shared}/${file}`)).toString();
  const end = text.indexOf("\n");
  const header = text.slice(0, end).replace(/target$/, label!);
  const rows = text.slice(end).replaceAll(/([01])\n/g, (_, label) => `${back.get(label)}\n`);
  return new TextEncoder().encode(header + rows);
}

const WHOLE = Object.keys(CATALOGUE).filter((name) =>
  CATALOGUE[name].sources[0]?.publisher === "hugging-face" &&
  CATALOGUE[name].files[0].csvSha256 !== null
);

Deno.test({
  name: "the twelve benchmark sets come out of the benchmark's own files, byte for byte",
  ignore: shared === undefined,
  fn: async () => {
    assert.equal(WHOLE.length, 12);
    const offers: Record<string, Offer> = {};
    for (const name of WHOLE) {
      const [{ address, sha256: published }] = CATALOGUE[name].sources[0].downloads;
      const content = originalOf(name);
      // Rebuilt from the catalogue's file, and yet the published one: the checksum says so.
      assert.equal(sha256(content), published, name);
      offers[new URL(address).pathname] = { content, cuts: [content.length >> 1] };
    }
    await using server = serveFiles(offers);
    const folder = newFolder();
    for (const name of WHOLE) {
      await fetchDataset(name, { folder, mirror: server.origin, pause: 1 });
      const [{ state }] = await verifyDataset(name, { folder });
      assert.equal(state, "intact", name);
    }
    assert.deepEqual(namesIn(folder), WHOLE.map((name) => CATALOGUE[name].file).sort());
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test({
  name: "Gesture Phase comes out of the authors' arrays, byte for byte",
  ignore: shared === undefined,
  fn: async () => {
    const { sources, files } = CATALOGUE["gesture-phase"];
    const offers: Record<string, Offer> = {};
    for (const [k, part] of ["train", "test"].entries()) {
      const lines = gunzipSync(readBytes(`${shared}/${files[k].name}`)).toString().trim().split(
        "\n",
      )
        .slice(1).map((line) => line.split(",").map(Number));
      offers[`x_${part}`] = {
        content: npy(
          "<f8",
          [lines.length, 50],
          Float64Array.from(lines.flatMap((cells) => cells.slice(0, 50))),
        ),
      };
      // One-hot, as the authors' program indexes them.
      offers[`y_${part}`] = {
        content: npy(
          "<f8",
          [lines.length, 5],
          Float64Array.from(
            lines.flatMap((cells) => [0, 1, 2, 3, 4].map((k) => k === cells[50] ? 1 : 0)),
          ),
        ),
      };
    }
    await using server = serveFiles(Object.fromEntries(
      sources[0].downloads.map(({ address }) => [
        new URL(address).pathname,
        offers[/(\w+)\.npy$/.exec(address)![1]],
      ]),
    ));
    const folder = newFolder();
    await fetchDataset("gesture-phase", { folder, mirror: server.origin });
    const states = (await verifyDataset("gesture-phase", { folder })).map(({ state }) => state);
    assert.deepEqual(states, ["intact", "intact"]);
    assert.deepEqual(namesIn(folder), files.map(({ name }) => name).sort());
  },
});

function npy(descr: string, shape: number[], data: Float64Array) {
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(", ")},), }`;
  const padded = `${text.padEnd(64 * Math.ceil((text.length + 11) / 64) - 11)}\n`;
  const head = new Uint8Array(10 + padded.length);
  head.set([
    0x93,
    ...new TextEncoder().encode("NUMPY"),
    1,
    0,
    padded.length & 255,
    padded.length >> 8,
  ]);
  head.set(new TextEncoder().encode(padded), 10);
  return new Uint8Array([...head, ...new Uint8Array(data.buffer)]);
}

Deno.test({
  name: "every file of the data folder is the one of the catalogue",
  ignore: shared === undefined,
  fn: async () => {
    let intact = 0;
    for (const [name, { files }] of Object.entries(CATALOGUE)) {
      for (const { path, state } of await verifyDataset(name, { folder: shared! })) {
        if (!isThere(path)) continue;
        assert.equal(state, "intact", path);
        const known = files.find((file) => path.endsWith(file.name))!;
        assert.equal(sha256(readBytes(path)), known.sha256);
        intact++;
      }
    }
    assert.ok(intact > 0);
  },
});

Deno.test("the catalogue agrees with itself and with the paper's Table 7", () => {
  const table7: Record<string, [features: number, rows: number]> = {
    "bank-marketing": [7, 10578],
    bioresponse: [419, 3434],
    california: [8, 20634],
    credit: [10, 16714],
    "default-of-credit-card-clients": [20, 13272],
    diabetes130us: [7, 71090],
    electricity: [7, 38474],
    "eye-movements": [20, 7608],
    heloc: [22, 10000],
    "house-16h": [16, 13488],
    jannis: [54, 57580],
    "magic-telescope": [10, 13376],
    miniboone: [50, 72998],
    pol: [26, 10082],
  };
  for (const [name, [features, rows]] of Object.entries(table7)) {
    assert.deepEqual(CATALOGUE[name].paper, { rows, features });
    assert.deepEqual([CATALOGUE[name].rows, CATALOGUE[name].features], [rows, features]);
  }
  const hosts = /--allow-net=(\S+)/.exec(denoTasks().data.command)![1].split(",");
  for (const [name, dataset] of Object.entries(CATALOGUE)) {
    const { files, file, testFile, rows, extent, whole, title, sources } = dataset;
    assert.equal(files[0].name, file);
    assert.equal(files[1]?.name ?? null, testFile);
    assert.equal(files.reduce((sum, part) => sum + part.rows, 0), rows);
    assert.equal(extent === "subset", whole !== null);
    assert.equal(/subset/.test(name), extent === "subset");
    assert.equal(/subset/.test(title), extent === "subset");
    if (whole !== null) assert.ok(CATALOGUE[whole].rows > rows);
    for (const { downloads, form } of sources) {
      assert.equal(downloads.length, form.endsWith("-pairs") ? 2 * files.length : 1);
      for (const { address } of downloads) {
        assert.ok(hosts.includes(new URL(address).hostname), address);
      }
    }
  }
  assert.deepEqual(
    Object.keys(CATALOGUE).filter((name) => CATALOGUE[name].extent === "subset"),
    ["higgs-subset", "jannis-subset", "miniboone-subset"],
  );
});
