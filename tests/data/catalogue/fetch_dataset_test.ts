/** Data sets fetched from a server on 127.0.0.1 that offers the same files as the publishers. */
import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import {
  CATALOGUE,
  catalogueDataset,
  fetchDataset,
  type FetchEvent,
  verifyDataset,
} from "../../../lib/data/catalogue/mod.ts";
import type { CatalogueDataset, DataSource } from "../../../lib/data/catalogue/catalogue_entry.ts";
import { fetchEntry } from "../../../lib/data/catalogue/fetch_dataset.ts";
import { verifyEntry } from "../../../lib/data/catalogue/verify_dataset.ts";
import { namesIn, newFolder, readBytes, writeFile } from "../../files.ts";
import { type Offer, serveFiles } from "./file_server.ts";
import { sha256 } from "./digest.ts";

const fixtures = new URL("../fixtures/tables/", import.meta.url);

/** A data set that is in no catalogue. */
function entry(
  source: Partial<DataSource>,
  file: { csv: string | null; rows: number; features: number },
) {
  const name = "small.csv.gz";
  const dataset: CatalogueDataset = {
    ...catalogueDataset("pol"),
    file: name,
    rows: file.rows,
    features: file.features,
    files: [{
      name,
      rows: file.rows,
      sha256: null,
      csvSha256: file.csv === null ? null : sha256(file.csv),
      numbersSha256: null,
    }],
    sources: [{
      publisher: "uci",
      downloads: [{ address: "https://publisher.example/files/raw", sha256: null }],
      form: "csv",
      label: null,
      codes: null,
      ...source,
    }],
  };
  return dataset;
}

function textOf(folder: string): string {
  return gunzipSync(readBytes(`${folder}/small.csv.gz`)).toString();
}

const TABLE = "kind,a,b\nN,1.50,-2e3\nP,0.1,7\n";

const WRITTEN = "a,b,target\n1.50,-2e3,0\n0.1,7,1\n";

const PQ = { address: "https://publisher.example/files/raw.pq", sha256: null };

const CODES = { N: "0", P: "1" };

Deno.test("a table is relabelled, checked and written; its numbers are left as they are", async () => {
  await using server = serveFiles({ "/files/raw": { content: TABLE } });
  const source = {
    label: "kind",
    codes: CODES,
    downloads: [{ address: "https://publisher.example/files/raw", sha256: sha256(TABLE) }],
  };
  const dataset = entry(source, { csv: WRITTEN, rows: 2, features: 2 });
  const folder = `${newFolder()}/new/folder`;
  const events: FetchEvent[] = [];
  const options = {
    folder,
    mirror: `${server.origin}/`,
    onEvent: (event: FetchEvent) => events.push(event),
  };
  const found = await fetchEntry("small", dataset, options);
  assert.deepEqual(found, {
    name: "small",
    alreadyThere: false,
    files: [`${folder}/small.csv.gz`],
    downloads: [{
      address: `${server.origin}/files/raw`,
      bytes: TABLE.length,
      sha256: sha256(TABLE),
      checked: true,
    }],
  });
  assert.equal(textOf(folder), WRITTEN);
  assert.deepEqual(namesIn(folder), ["small.csv.gz"]);
  assert.deepEqual(events.at(-1), { type: "convert", file: `${folder}/small.csv.gz` });
  assert.deepEqual((await verifyEntry("small", dataset, { folder })).map(({ state }) => state), [
    "intact",
  ]);

  const again = await fetchEntry("small", dataset, options);
  assert.equal(again.alreadyThere, true);
  assert.equal(server.asked.length, 1);
});

Deno.test("a table that is not the catalogue's is refused, and nothing is left", async () => {
  const wrong: [content: string, source: Partial<DataSource>, message: RegExp][] = [
    [
      `${TABLE}Q,1,2\n`,
      { label: "kind", codes: CODES },
      /line 4: found the class "Q", need one of "N", "P"$/,
    ],
    [
      `${TABLE}N,1,2\n`,
      { label: "kind", codes: CODES },
      /found 3 rows × 2 features with other numbers than the catalogue's 2 × 2/,
    ],
    [`${TABLE}N,1\n`, { label: "kind", codes: CODES }, /line 4: found 2 fields, need 3$/],
    [
      `${TABLE}"N",1,2\n`,
      { label: "kind", codes: CODES },
      /line 4: found a quoted cell, need plain ones/,
    ],
    [
      TABLE,
      { label: "class", codes: CODES },
      /line 1: found no column "class", need it as the target$/,
    ],
    ["<html>please log in</html>\n", { label: "kind", codes: CODES }, /found no column "kind"/],
    [TABLE, { form: "zip", member: "x" }, /need a whole zip archive$/],
    [TABLE, { form: "parquet", downloads: [PQ] }, /broken Parquet file/],
  ];
  for (const [content, source, message] of wrong) {
    await using server = serveFiles({ "/files/raw": { content }, "/files/raw.pq": { content } });
    const folder = newFolder();
    const dataset = entry(source, { csv: WRITTEN, rows: 2, features: 2 });
    await assert.rejects(
      fetchEntry("small", dataset, { folder, mirror: server.origin }),
      (error: Error) => {
        assert.match(error.message, /^Cannot (use|read)/);
        assert.match(error.message, message);
        return true;
      },
    );
    assert.deepEqual(namesIn(folder), []);
  }
});

Deno.test("a file that is larger than its rows can need is refused, packed or not", async () => {
  const most = 2 ** 20 + 10 * 3 * 32;
  const archive = readBytes(new URL("raw.zip", fixtures));
  const view = new DataView(archive.buffer);
  for (let at = 0; at < archive.length - 46; at++) {
    // The sizes in the archive's directory.
    if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, most + 1, true);
  }
  for (
    const [content, source, message] of [
      [
        new Uint8Array(most + 1),
        { label: "kind" },
        `least ${most + 1} bytes, need at most ${most};`,
      ],
      [
        archive,
        { ...RAW, member: "raw.data" },
        `found ${most + 1} bytes in "raw.data", need at most`,
      ],
    ] as const
  ) {
    await using server = serveFiles({ "/files/raw": { content } });
    const folder = newFolder();
    const dataset = entry(source, { csv: null, rows: 10, features: 2 });
    await assert.rejects(
      fetchEntry("small", dataset, { folder, mirror: server.origin }),
      (error: Error) => error.message.includes(message) || assert.fail(error),
    );
    assert.deepEqual(namesIn(folder), []);
  }
});

const RAW = {
  form: "zip",
  header: ["kind", "a", "b"],
  label: "kind",
  codes: { g: "0", h: "1" },
} as const;

Deno.test("a table without a header comes out of an archive, packed once more or not", async () => {
  const content = readBytes(new URL("raw.zip", fixtures));
  const rows = [..."hghhggghhh"].map((kind, k) => `${k},${-k},${kind === "g" ? 0 : 1}\n`);
  const csv = `a,b,target\n${rows.join("")}`;
  for (const member of ["raw.data", "raw.csv.gz"]) {
    await using server = serveFiles({ "/files/raw": { content } });
    const folder = newFolder();
    const dataset = entry({ ...RAW, member }, { csv: null, rows: 10, features: 2 });
    const options = { folder, mirror: server.origin };
    const { downloads } = await fetchEntry("small", dataset, options);
    assert.equal(downloads[0].checked, false);
    assert.equal(textOf(folder), csv);
    assert.deepEqual(namesIn(folder), ["small.csv.gz"]);
    assert.equal((await verifyEntry("small", dataset, { folder }))[0].state, "unknown");
  }
  await using server = serveFiles({ "/files/raw": { content } });
  const dataset = entry({ ...RAW, member: "none.data" }, { csv: null, rows: 10, features: 2 });
  await assert.rejects(
    fetchEntry("small", dataset, { folder: newFolder(), mirror: server.origin }),
    /found no "none\.data" in it, need it$/,
  );
});

Deno.test("a raw table is balanced by the benchmark's rule", async () => {
  await using server = serveFiles({
    "/files/raw": { content: readBytes(new URL("raw.zip", fixtures)) },
  });
  const folder = newFolder();
  const dataset = entry({ ...RAW, member: "raw.data", balance: true }, {
    csv: null,
    rows: 8,
    features: 2,
  });
  await fetchEntry("small", dataset, { folder, mirror: server.origin });
  // numpy.random.RandomState(0).choice([0, 2, 3, 7, 8, 9], 4, replace=False), then all of g.
  const rows = textOf(folder).trim().split("\n").slice(1).map((line) => line.split(","));
  assert.deepEqual(rows.map(([a]) => Number(a)), [9, 3, 2, 7, 1, 4, 5, 6]);
  assert.deepEqual(rows.map(([, , label]) => label), [..."11110000"]);
});

Deno.test("Parquet of a publisher becomes a table of the same numbers", async () => {
  await using server = serveFiles({
    "/files/raw.pq": { content: readBytes(new URL("many.parquet", fixtures)) },
  });
  const folder = newFolder();
  const dataset = entry(
    { form: "parquet", downloads: [PQ], codes: { 0: "a", 1: "b", 2: "c" } },
    { csv: null, rows: 5000, features: 2 },
  );
  await fetchEntry("small", dataset, { folder, mirror: server.origin });
  const lines = textOf(folder).split("\n");
  assert.deepEqual(lines.slice(0, 4), ["a,b,target", "0,0,a", "0.125,1,b", "0.25,2,c"]);
  assert.equal(lines[5000], "624.875,1,b");
});

Deno.test("who stops while files are being written can go on without downloading again", async () => {
  await using server = serveFiles({ "/files/raw": { content: TABLE } });
  const folder = newFolder();
  const dataset = entry({ label: "kind", codes: CODES }, { csv: WRITTEN, rows: 2, features: 2 });
  const stopper = new AbortController();
  const options = { folder, mirror: server.origin };
  await assert.rejects(
    fetchEntry("small", dataset, {
      ...options,
      signal: stopper.signal,
      onEvent: ({ type }) => type === "convert" && stopper.abort(),
    }),
    { name: "AbortError" },
  );
  assert.deepEqual(namesIn(folder), ["small-raw"]);
  await fetchEntry("small", dataset, options);
  assert.equal(textOf(folder), WRITTEN);
  assert.equal(server.asked.length, 1);
});

Deno.test("a file of one's own is not overwritten", async () => {
  const folder = newFolder();
  writeFile(`${folder}/pol.csv.gz`, "mine");
  const [{ state, found }] = await verifyDataset("pol", { folder });
  assert.equal(state, "changed");
  assert.match(found, /not compressed/);
  await assert.rejects(
    fetchDataset("pol", { folder }),
    /^Error: Cannot fetch "pol": found another file as ".*pol\.csv\.gz" \(.*\), need it moved away first$/,
  );
  assert.deepEqual(namesIn(folder), ["pol.csv.gz"]);
});

Deno.test("what nobody offers, and who offers nothing, is told", async () => {
  const folder = newFolder();
  await assert.rejects(fetchDataset("jannis-subset", { folder }), {
    name: "RangeError",
    message:
      'Cannot fetch "jannis-subset": found nobody who offers this part of "jannis", need "jannis" ' +
      'itself, or a folder with "jannis-subset.csv.gz" as SPARSEMBLE_DATA',
  });
  await assert.rejects(fetchDataset("pol", { folder, publisher: "github" }), {
    name: "RangeError",
    message: 'Cannot fetch "pol" from "github": need one of "hugging-face", "openml"',
  });
  await assert.rejects(fetchDataset("poll", { folder }), /did you mean "pol"\?$/);
});

Deno.test("images come out of the publisher's files as rows of pixels, with their labels", async () => {
  const images = new URL("../fixtures/images/", import.meta.url);
  const offers: Record<string, Offer> = {};
  const downloads = ["train", "t10k"].flatMap((part) =>
    ["images-idx3", "labels-idx1"].map((kind) => {
      const content = readBytes(new URL(`packed-${kind}-ubyte.gz`, images));
      offers[`/mnist/${part}-${kind}-ubyte.gz`] = { content: new Uint8Array(content) };
      const address = `https://example.org/mnist/${part}-${kind}-ubyte.gz`;
      return { address, sha256: sha256(content) };
    })
  );
  const file = (name: string) => ({
    ...{ name, rows: 6, sha256: null, csvSha256: null, numbersSha256: null },
  });
  const { sources: [source], ...mnist } = CATALOGUE.mnist;
  const small: CatalogueDataset = {
    ...mnist,
    ...{ rows: 12, features: 6, classes: 3 },
    files: [file("mnist_train.csv.gz"), file("mnist_test.csv.gz")],
    sources: [{ ...source, downloads }],
  };
  await using server = serveFiles(offers);
  const folder = newFolder();
  await fetchEntry("mnist", small, { folder, mirror: server.origin });
  for (const part of ["train", "test"]) {
    const text = gunzipSync(readBytes(`${folder}/mnist_${part}.csv.gz`)).toString();
    const [header, first, , third] = text.split("\n");
    assert.equal(header, "x0,x1,x2,x3,x4,x5,target");
    assert.equal(first, "0,7,14,21,28,35,0");
    assert.ok(third.endsWith(",2"));
  }
  assert.deepEqual(namesIn(folder).sort(), ["mnist_test.csv.gz", "mnist_train.csv.gz"]);
  await Deno.remove(folder, { recursive: true });
});
