import assert from "node:assert/strict";
import {
  describeMachine,
  machineLine,
  parseCaches,
  peakMemory,
} from "../../../lib/benchmarks/measuring/machine.ts";

Deno.test("parseCaches reads the data caches that lscpu names, smallest first", () => {
  // lscpu --caches=NAME,ONE-SIZE,TYPE --bytes --json, util-linux 2.38
  const text = `{"caches": [
    {"name": "L1d", "one-size": "32768", "type": "Data"},
    {"name": "L1i", "one-size": "65536", "type": "Instruction"},
    {"name": "L3", "one-size": "33554432", "type": "Unified"},
    {"name": "L2", "one-size": "1048576", "type": "Unified"}
  ]}`;
  assert.deepEqual(parseCaches(text), [
    { name: "L1d", bytes: 32768 },
    { name: "L2", bytes: 1048576 },
    { name: "L3", bytes: 33554432 },
  ]);
});

Deno.test("machineLine tells what is known, and what may not be asked", () => {
  const known = machineLine({
    deno: { deno: "2.9.6", v8: "15.0" },
    target: "x86_64-unknown-linux-gnu",
    processor: "Some Processor 3000",
    cores: 2,
    memory: 25,
    caches: [{ name: "L2", bytes: 1048576 }],
  });
  assert.equal(
    known,
    "Machine: Some Processor 3000; 2 cores; memory 25 GB; caches L2 1024 KiB; " +
      "Deno 2.9.6, V8 15.0, x86_64-unknown-linux-gnu",
  );
  const unknown = machineLine({
    deno: { deno: "2.9.6", v8: "15.0" },
    target: "x86_64-unknown-linux-gnu",
    processor: null,
    cores: 2,
    memory: null,
    caches: null,
  });
  assert.match(unknown, /processor unknown.*memory unknown.*caches unknown/);
});

Deno.test("describeMachine names the versions and cores it runs on", () => {
  const machine = describeMachine();
  assert.deepEqual(machine.deno, { deno: Deno.version.deno, v8: Deno.version.v8 });
  assert.equal(machine.target, Deno.build.target);
  assert.equal(machine.cores, navigator.hardwareConcurrency);
});

Deno.test("peakMemory never falls, and rises with what is touched", () => {
  const before = peakMemory();
  const touched = new Uint8Array(before + 5e7).fill(1);
  const after = peakMemory();
  assert.equal(touched[touched.length - 1], 1);
  assert.ok(after >= before + 4e7, `${before} → ${after}`);
  assert.ok(after < 50e9, "bytes, not kilobytes");
});
