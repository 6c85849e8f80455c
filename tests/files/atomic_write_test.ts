import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "npm:fast-check@4.3.0";
import {
  ensureWritableFolder,
  removeAbandonedFiles,
  writeFileAtomically,
} from "../../lib/files/atomic_write.ts";
import type { DiskChange } from "../../lib/files/disk_change.ts";

const library = new URL("../../lib/files/atomic_write.ts", import.meta.url).href;

function names(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

/** Runs a script in a process of its own. */
function run(script: string, ...flags: string[]): { signal: string | null; stderr: string } {
  const path = `${Deno.makeTempDirSync()}/script.ts`;
  Deno.writeTextFileSync(path, script);
  const { signal, stderr } = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-check", ...flags, path],
  }).outputSync();
  return { signal, stderr: new TextDecoder().decode(stderr) };
}

Deno.test("writeFileAtomically writes text, bytes and pieces, over an old file or none", () => {
  const folder = Deno.makeTempDirSync();
  const path = `${folder}/file`;
  writeFileAtomically(path, "naïve");
  assert.equal(Deno.readTextFileSync(path), "naïve");
  writeFileAtomically(path, Uint8Array.of(1, 2));
  assert.deepEqual(Deno.readFileSync(path), Uint8Array.of(1, 2));
  writeFileAtomically(path, []);
  assert.deepEqual(Deno.readFileSync(path), new Uint8Array(0));

  const shared = new Uint8Array(new SharedArrayBuffer(3_000_000));
  shared.forEach((_, i) => shared[i] = i % 251);
  const pieces = fc.sample(fc.uint8Array({ maxLength: 1000 }), { seed: 4, numRuns: 50 });
  writeFileAtomically(path, [...pieces, shared]);
  assert.ok(Buffer.concat([...pieces, shared]).equals(Deno.readFileSync(path)));
  assert.deepEqual(names(folder), ["file"]);
});

Deno.test("writeFileAtomically leaves the old file alone until the new one is complete", () => {
  const folder = Deno.makeTempDirSync();
  const path = `${folder}/model`;
  writeFileAtomically(path, "old");
  let seen: string[] = [];
  writeFileAtomically(path, "new", ({ kind }) => {
    if (kind !== "rename") return;
    seen = names(folder);
    assert.equal(Deno.readTextFileSync(path), "old");
    assert.equal(Deno.readTextFileSync(`${folder}/${seen[0]}`), "new");
  });
  assert.equal(seen.length, 2);
  assert.match(seen[0], new RegExp(`^\\.model\\.${Deno.pid}-\\d+\\.tmp$`));
  assert.equal(Deno.readTextFileSync(path), "new");
  assert.deepEqual(names(folder), ["model"]);
});

Deno.test("writeFileAtomically tidies up when the content or the last step fails", () => {
  const folder = Deno.makeTempDirSync();
  const path = `${folder}/model`;
  writeFileAtomically(path, "old");
  function* failing(): Iterable<Uint8Array> {
    yield new Uint8Array(100);
    throw new RangeError("no more content");
  }
  assert.throws(() => writeFileAtomically(path, failing()), /^RangeError: no more content$/);
  const watch = ({ kind }: DiskChange) => {
    if (kind === "rename") throw new Error("stopped before the rename");
  };
  assert.throws(() => writeFileAtomically(path, "new", watch), /stopped before the/);
  assert.deepEqual(names(folder), ["model"]);
  assert.equal(Deno.readTextFileSync(path), "old");
});

Deno.test("writeFileAtomically killed in the rename window leaves the old file, and one to remove", () => {
  const folder = Deno.makeTempDirSync();
  const path = `${folder}/model`;
  writeFileAtomically(path, "old");
  Deno.writeTextFileSync(`${folder}/.gitignore`, "*");
  Deno.writeTextFileSync(`${folder}/notes.1-2.tmp`, "mine");
  const { signal } = run(
    `import { writeFileAtomically } from ${JSON.stringify(library)};
    writeFileAtomically(${JSON.stringify(path)}, "new", ({ kind }) => {
      if (kind === "rename") Deno.kill(Deno.pid, "SIGKILL");
    });`,
    "-A",
  );
  assert.equal(signal, "SIGKILL");
  assert.equal(Deno.readTextFileSync(path), "old");
  assert.equal(names(folder).length, 4);

  const removed = removeAbandonedFiles(folder);
  assert.equal(removed.length, 1);
  assert.match(removed[0], /^\.model\.\d+-\d+\.tmp$/);
  assert.deepEqual(names(folder), [".gitignore", "model", "notes.1-2.tmp"]);
  writeFileAtomically(path, "new");
  assert.equal(Deno.readTextFileSync(path), "new");
});

Deno.test("writeFileAtomically gets round the leavings of a process with the same number", () => {
  const folder = Deno.makeTempDirSync();
  let temporary = "";
  writeFileAtomically(`${folder}/a`, "", ({ kind }) => {
    if (kind === "rename") temporary = names(folder)[0];
  });
  const count = Number(/-(\d+)\.tmp$/.exec(temporary)![1]);
  const left = [1, 2].map((i) => `.a.${Deno.pid}-${count + i}.tmp`);
  for (const name of left) Deno.writeTextFileSync(`${folder}/${name}`, "left");
  writeFileAtomically(`${folder}/a`, "new");
  assert.equal(Deno.readTextFileSync(`${folder}/a`), "new");
  assert.equal(Deno.readTextFileSync(`${folder}/${left[0]}`), "left");
});

Deno.test("writeFileAtomically takes the longest name a file may have", () => {
  const folder = Deno.makeTempDirSync();
  const path = `${folder}/${"é".repeat(127)}`;
  writeFileAtomically(path, "long");
  assert.equal(Deno.readTextFileSync(path), "long");
});

Deno.test("writeFileAtomically says why a file cannot be written", () => {
  const folder = Deno.makeTempDirSync();
  Deno.writeTextFileSync(`${folder}/file`, "");
  Deno.mkdirSync(`${folder}/full/inner`, { recursive: true });
  const cases: [path: string, reason: string][] = [
    [`${folder}/missing/file`, "there is no such file or folder"],
    [`${folder}/file/file`, "a part of the path is a file, not a folder"],
    [`${folder}/full`, "there is a folder of that name (after 4 bytes)"],
    [`${folder}/${"x".repeat(300)}`, "the name is too long (after 4 bytes)"],
  ];
  for (const [path, reason] of cases) {
    assert.throws(
      () => writeFileAtomically(path, "text"),
      (error: Error) =>
        error.message === `Cannot write "${path}": ${reason}` && error.cause instanceof Error,
      reason,
    );
  }
  assert.deepEqual(names(folder), ["file", "full"]);
});

Deno.test("writeFileAtomically without Deno's permission says which one is missing", () => {
  const folder = Deno.makeTempDirSync();
  const script = `import { writeFileAtomically } from ${JSON.stringify(library)};
    try {
      writeFileAtomically(${JSON.stringify(`${folder}/file`)}, "text");
    } catch (error) {
      console.error((error as Error).message);
    }`;
  const { stderr } = run(script, "--allow-read");
  assert.match(
    stderr,
    /^Cannot write ".*\/file": permission is missing: Requires write access .* --allow-write flag\n$/,
  );
  assert.match(run(script, "--allow-write").stderr, /^Cannot write .* Requires read access/);
  assert.deepEqual(names(folder), []);
  assert.equal(run(script, "--allow-read", "--allow-write").stderr, "");
  assert.deepEqual(names(folder), ["file"]);
});

Deno.test("ensureWritableFolder creates a folder and leaves nothing in it", () => {
  const folder = `${Deno.makeTempDirSync()}/runs/first`;
  ensureWritableFolder(folder, 300_000);
  assert.deepEqual(names(folder), []);
  ensureWritableFolder(folder, 0);
  assert.throws(() => ensureWritableFolder(folder, -1), RangeError);
  assert.throws(() => ensureWritableFolder(folder, 0.5), RangeError);

  Deno.writeTextFileSync(`${folder}/file`, "");
  const file = `${folder}/file`;
  assert.throws(
    () => ensureWritableFolder(file),
    (error: Error) =>
      error.message === `Cannot create the folder "${file}": there is a file of that name`,
  );
  assert.throws(() => ensureWritableFolder(`${file}/inner`), /a part of the path is a file/);
  assert.throws(
    () => removeAbandonedFiles(`${folder}/none`),
    /Cannot remove abandoned files from ".*none": there is no such file or folder$/,
  );
});

/** A file system of 256 KiB of its own, where the system lets one be mounted. */
const smallDisk: string | null = (() => {
  if (Deno.build.os !== "linux") return null;
  const folder = Deno.makeTempDirSync();
  try {
    const args = ["-t", "tmpfs", "-o", "size=256k", "tmpfs", folder];
    const { success } = new Deno.Command("mount", { args, stderr: "null" }).outputSync();
    if (!success) return null;
    unmount(folder);
    return folder;
  } catch {
    return null;
  }
})();

function unmount(folder: string): void {
  new Deno.Command("umount", { args: [folder], stderr: "null" }).outputSync();
}

function onSmallDisk(options: string, body: (folder: string) => void): void {
  const folder = smallDisk!;
  const mount = (options: string): void => {
    const args = ["-t", "tmpfs", "-o", options, "tmpfs", folder];
    assert.ok(new Deno.Command("mount", { args }).outputSync().success);
  };
  mount(`size=256k${options}`);
  try {
    body(folder);
  } finally {
    unmount(folder);
  }
}

Deno.test({
  name: "writeFileAtomically on a full disk keeps the old file (needs a mounted tmpfs)",
  ignore: smallDisk === null,
  fn() {
    onSmallDisk("", (folder) => {
      const path = `${folder}/model`;
      const old = new Uint8Array(100_000).fill(7);
      writeFileAtomically(path, old);
      const pieces = Array.from({ length: 10 }, () => new Uint8Array(50_000));
      assert.throws(
        () => writeFileAtomically(path, pieces),
        (error: Error) =>
          error.message === `Cannot write "${path}": the disk is full (after 150000 bytes)` &&
          (error.cause as { code?: string }).code === "ENOSPC",
      );
      assert.deepEqual(names(folder), ["model"]);
      assert.deepEqual(Deno.readFileSync(path), old);
      // The room that the failure took is free again.
      writeFileAtomically(path, new Uint8Array(150_000));
      assert.equal(Deno.statSync(path).size, 150_000);
    });
  },
});

Deno.test({
  name: "ensureWritableFolder notices a disk that is too small (needs a mounted tmpfs)",
  ignore: smallDisk === null,
  fn() {
    onSmallDisk("", (folder) => {
      assert.throws(
        () => ensureWritableFolder(folder, 1_000_000),
        (error: Error) =>
          error.message === `Cannot write into the folder "${folder}": the disk is full: ` +
              "found room for 262144 bytes, need 1000000",
      );
      assert.deepEqual(names(folder), []);
      ensureWritableFolder(folder, 200_000);
    });
  },
});

Deno.test({
  name: "ensureWritableFolder notices a read-only file system (needs a mounted tmpfs)",
  ignore: smallDisk === null,
  fn() {
    onSmallDisk(",ro", (folder) => {
      const message = new RegExp(`"${folder}": the file system is read-only$`);
      assert.throws(() => ensureWritableFolder(folder, 1000), message);
      assert.throws(() => ensureWritableFolder(`${folder}/run`), /the file system is read-only$/);
      assert.throws(() => writeFileAtomically(`${folder}/x`, ""), /the file system is read-only$/);
    });
  },
});
