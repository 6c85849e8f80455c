/**
 * Archives that are broken, or made to break a reader: one sentence each. The archives are written here
 * byte by byte.
 */
import assert from "node:assert/strict";
import { crc32, deflateRawSync } from "node:zlib";
import { zipContent, zipEntries } from "../../../lib/data/formats/mod.ts";
import { newFolder, writeFile } from "../../files.ts";
import { ROOT } from "../../tasks/run_task.ts";

const folder = newFolder();
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

const TEXT = new TextEncoder().encode("1,2\n".repeat(100_000));

/** What an archive says of its one file, in place of the truth. */
interface Claims {
  readonly method?: number;
  readonly flags?: number;
  readonly bytes?: number;
  readonly checksum?: number;
  readonly localSignature?: number;
  readonly data?: Uint8Array;
}

/** Writes an archive of one file. */
function archiveOf(content: Uint8Array, claims: Claims = {}): string {
  const { method = 8, flags = 0x800, bytes = content.length, checksum = crc32(content) } = claims;
  const data = claims.data ?? (method === 8 ? deflateRawSync(content) : content);
  const name = new TextEncoder().encode("ä b.csv");
  const fields = new DataView(new ArrayBuffer(26));
  fields.setUint16(2, flags, true);
  fields.setUint16(4, method, true);
  fields.setUint32(10, checksum, true);
  fields.setUint32(14, data.length, true);
  fields.setUint32(18, bytes, true);
  fields.setUint16(22, name.length, true);
  const common = new Uint8Array(fields.buffer);
  const local = [...number(claims.localSignature ?? 0x04034b50), ...common, ...name, ...data];
  const central = [...number(0x02014b50), 0, 0, ...common, ...new Uint8Array(14), ...name];
  const end = [...number(0x06054b50), 0, 0, 0, 0, 1, 0, 1, 0, ...number(central.length)];
  const path = `${folder}/made.zip`;
  writeFile(path, Uint8Array.from([...local, ...central, ...end, ...number(local.length), 0, 0]));
  return path;
}

function number(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}

async function contentOf(path: string): Promise<Uint8Array> {
  const [entry] = await zipEntries(path);
  const pieces: number[] = [];
  for await (const piece of zipContent(path, entry)) {
    for (const byte of piece) pieces.push(byte);
  }
  return Uint8Array.from(pieces);
}

Deno.test("zipContent gives what was packed or stored, and an empty file", async () => {
  for (const method of [0, 8]) {
    for (const content of [TEXT, new Uint8Array(0)]) {
      const path = archiveOf(content, { method });
      const [{ name, bytes }] = await zipEntries(path);
      assert.deepEqual([name, bytes], ["ä b.csv", content.length]);
      assert.deepEqual(await contentOf(path), content);
    }
  }
});

const ONES = new Uint8Array(1000).fill(0xff);

const REFUSED: [claims: Claims, message: string][] = [
  [{ flags: 1 }, "found encrypted data in FILE, need an archive without a password"],
  [{ method: 14 }, "found compression method 14 in FILE, need deflate (8) or none (0)"],
  [
    { bytes: 2 ** 30, data: new Uint8Array(1000) },
    "found a size of 1073741824 bytes out of 1000 in FILE, need an intact file",
  ],
  [{ localSignature: 7 }, "found no header in FILE, need a whole archive"],
  [{ data: ONES }, "found data that cannot be unpacked in FILE, need an intact file"],
  [{ bytes: 399_999 }, "found another size than the archive says in FILE, need an intact file"],
  [{ bytes: 400_001 }, "found another size than the archive says in FILE, need an intact file"],
  [
    { method: 0, bytes: 9 },
    "found another size than the archive says in FILE, need an intact file",
  ],
  [{ checksum: 1 }, "found another checksum than the archive says in FILE, need an intact file"],
];

for (const [claims, message] of REFUSED) {
  Deno.test(`zipContent refuses ${message.slice(6)} (${Object.keys(claims)})`, async () => {
    const path = archiveOf(TEXT, claims);
    await assert.rejects(contentOf(path), {
      name: "SyntaxError",
      message: `Cannot read ${JSON.stringify(path)}: ${message.replace("FILE", '"ä b.csv"')}`,
    });
  });
}

/** Gives reading up twenty times, and prints how many files of the archive stay open: needs /proc. */
const GIVING_UP = (path: string) => `
  import { zipContent, zipEntries } from "file://${ROOT}lib/data/formats/zip/zip.ts";
  const path = ${JSON.stringify(path)};
  const [entry] = await zipEntries(path);
  for (let time = 0; time < 20; time++) {
    for await (const piece of zipContent(path, entry)) if (piece.length > 0) break;
  }
  const openFiles = () =>
    [...Deno.readDirSync("/proc/self/fd")].filter(({ name }) => {
      try {
        return Deno.readLinkSync("/proc/self/fd/" + name) === path;
      } catch {
        return false;
      }
    }).length;
  // Files are closed in the background.
  for (let look = 0; openFiles() > 0 && look < 2000; look++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  console.log(openFiles());`;

Deno.test({
  name: "an archive whose reading is given up holds no file open (needs /proc)",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const path = archiveOf(TEXT, { method: 0 });
    const script = `${newFolder()}/giving_up.ts`;
    writeFile(script, GIVING_UP(path));
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--no-check", "--allow-all", script],
      cwd: ROOT,
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
    assert.equal(text(stdout), "0", text(stderr));
  },
});
