import assert from "node:assert/strict";
import { completeConfig, startRun } from "../../lib/experiments/run/mod.ts";
import { prepareStream } from "../../lib/streams/mod.ts";
import { namesIn } from "../files.ts";
import { mixedTable, tinyRequest } from "./tiny_tables.ts";

/** A folder on a disk of 64 KiB, where the system lets one be mounted. */
function smallDisk(): string | null {
  if (Deno.build.os !== "linux") return null;
  const folder = Deno.makeTempDirSync();
  const args = ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder];
  try {
    return new Deno.Command("mount", { args, stderr: "null" }).outputSync().success ? folder : null;
  } catch {
    return null;
  }
}

const disk = smallDisk();

Deno.test({
  name:
    "a disk that is full while rows are read or mixed is told, and keeps nothing of them (needs a mounted tmpfs)",
  ignore: disk === null,
  async fn() {
    const folder = disk!;
    try {
      // 5 features and a target take 24 bytes a row; preprocessed it is more.
      for (const [rows, file] of [[4000, "rows\\.f32\\.raw"], [1300, "rows\\.f32"]] as const) {
        const request = tinyRequest(mixedTable(rows), { target: "class" });
        await assert.rejects(
          prepareStream(request, `${folder}/rows.f32`),
          new RegExp(`Cannot write ".*${file}": the disk is full \\(after \\d+ bytes\\)$`),
        );
        assert.deepEqual(namesIn(folder), []);
      }
      const given = {
        file: mixedTable(1300),
        target: "class",
        memory: 1e6,
        hidden: [8],
        epsilon: 2,
      };
      await assert.rejects(
        startRun(completeConfig({ ...given, method: "set", kernels: "wasm" }), `${folder}/run`),
        /the disk is full/,
      );
      assert.deepEqual(namesIn(folder), []);
    } finally {
      await new Deno.Command("umount", { args: [folder] }).output();
    }
  },
});
