import assert from "node:assert/strict";
import { missing } from "../counters/installed.ts";
import { ROOT, taskCommand } from "./run_task.ts";

/** Runs the task with a value of SPARSEMBLE_LIBPAPI, perhaps without one of its flags. */
async function runPapi(args: string[], library: string, without?: string) {
  const { flags, program } = taskCommand("papi");
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", ...flags.filter((flag) => flag !== without), program, ...args],
    cwd: ROOT,
    env: { SPARSEMBLE_LIBPAPI: library, NO_COLOR: "" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

Deno.test("papi says why nothing can be counted, in one screen, with exit status 0", async () => {
  const { code, stdout } = await runPapi([], "/nowhere/libpapi.so");
  assert.equal(code, 0);
  assert.match(
    stdout,
    /^This machine's hardware events cannot be counted\.\nCannot use "\/nowhere/,
  );
  assert.ok(stdout.split("\n").length < 24);
});

Deno.test("papi --json says why nothing can be counted", async () => {
  const { code, stdout } = await runPapi(["--json"], "/nowhere/libpapi.so");
  assert.equal(code, 0);
  const { libpapi, unavailable } = JSON.parse(stdout);
  assert.equal(libpapi, null);
  assert.match(unavailable, /^Cannot use "\/nowhere\/libpapi.so" as libpapi: /);
});

Deno.test("papi needs its permission to call the library", async () => {
  const { code, stdout } = await runPapi([], "", "--allow-ffi");
  assert.equal(code, 0);
  assert.match(stdout, /found no permission, need --allow-ffi/);
});

Deno.test({
  name: "papi needs its permission to see which library the user wants (needs libpapi 7)",
  ignore: missing !== null,
  async fn() {
    const flag = "--allow-env=SPARSEMBLE_LIBPAPI";
    const { stdout } = await runPapi(["--json"], "/nowhere/libpapi.so", flag);
    assert.notEqual(JSON.parse(stdout).libpapi, null);
  },
});

Deno.test({
  name: "papi counts the events that it is asked for, and checks itself (needs libpapi 7)",
  ignore: missing !== null,
  async fn() {
    const { code, stdout } = await runPapi(["--json", "--events", "PAPI_SP_OPS, PAPI_NOPE"], "");
    assert.equal(code, 0);
    const { libpapi, counted, published, events } = JSON.parse(stdout);
    assert.match(libpapi.version, /^7\./);
    assert.equal(counted, 20 * 128 * 256 * (2 * 256 + 1));
    assert.equal(published.count, counted);
    assert.deepEqual(events.map(({ event }: { event: string }) => event), [
      "PAPI_SP_OPS",
      "PAPI_NOPE",
    ]);
    assert.match(events[1].refusal, /^Cannot count "PAPI_NOPE": PAPI says /);
  },
});

Deno.test({
  name: "papi fits its findings on one screen (needs libpapi 7)",
  ignore: missing !== null,
  async fn() {
    const { code, stdout } = await runPapi([], "");
    assert.equal(code, 0);
    assert.match(stdout, /sde:::sparsemble::SELF_CHECK +336,199,680 +agrees \(0\.00 %\)/);
    for (const event of ["SP_OPS", "VEC_SP", "FP_OPS", "DP_OPS", "TOT_INS", "TOT_CYC"]) {
      assert.match(stdout, new RegExp(`PAPI_${event} +(not here|[\\d,]+)`));
    }
    assert.ok(stdout.split("\n").length < 24);
  },
});
