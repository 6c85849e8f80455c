import { node } from "../../node.ts";

/** The machine of a benchmark. */
export interface Machine {
  /** Versions of Deno and its engine. */
  readonly deno: { readonly deno: string; readonly v8: string };
  /** The operating system and the processor's architecture. */
  readonly target: string;
  /** The processor's model, or `null` without permission. */
  readonly processor: string | null;
  /** The number of cores that the process may use. */
  readonly cores: number;
  /** Gigabytes of memory, or `null` without permission. */
  readonly memory: number | null;
  /** Data caches from the first level on, or `null` if they are not known. */
  readonly caches: readonly Cache[] | null;
}

/** One level of data cache. */
export interface Cache {
  /** L1d, L2, L3. */
  readonly name: string;
  /** The bytes that one core can use. */
  readonly bytes: number;
}

/**
 * Describes this machine. The processor and its memory need `--allow-sys=cpus,systemMemoryInfo`, the
 * caches need `--allow-run=lscpu`.
 */
export function describeMachine(): Machine {
  return {
    deno: { deno: Deno.version.deno, v8: Deno.version.v8 },
    target: Deno.build.target,
    processor: permitted(() => node.os.cpus()[0]?.model.trim() ?? null),
    cores: navigator.hardwareConcurrency,
    memory: permitted(() => Math.round(node.os.totalmem() / 1e9)),
    caches: permitted(() => {
      const { success, stdout } = new Deno.Command("lscpu", {
        args: ["--caches=NAME,ONE-SIZE,TYPE", "--bytes", "--json"],
        stderr: "null",
      }).outputSync();
      return success ? parseCaches(new TextDecoder().decode(stdout)) : null;
    }),
  };
}

/** Describes a machine in one line. */
export function machineLine({ deno, target, processor, cores, memory, caches }: Machine): string {
  const unknown = "not permitted to ask";
  const sizes = caches?.map(({ name, bytes }) => `${name} ${bytes / 1024} KiB`).join(", ");
  return [
    `Machine: ${processor ?? `processor unknown (${unknown})`}`,
    `${cores} cores`,
    `memory ${memory === null ? `unknown (${unknown})` : `${memory} GB`}`,
    `caches ${sizes ?? "unknown (lscpu is missing, or not permitted)"}`,
    `Deno ${deno.deno}, V8 ${deno.v8}, ${target}`,
  ].join("; ");
}

/** Reads the data caches from the output of `lscpu --caches --json`. */
export function parseCaches(text: string): Cache[] {
  const { caches } = JSON.parse(text) as {
    caches: { name: string; "one-size": string | number; type: string }[];
  };
  return caches
    .filter(({ type }) => type !== "Instruction")
    .map((cache) => ({ name: cache.name, bytes: Number(cache["one-size"]) }))
    .sort((a, b) => a.bytes - b.bytes);
}

/** The peak memory of this process so far, in bytes. */
export function peakMemory(): number {
  return globalThis.process.resourceUsage().maxRSS * 1024;
}

function permitted<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable || error instanceof Deno.errors.NotFound) {
      return null;
    }
    throw error;
  }
}
