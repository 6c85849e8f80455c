/**
 * Node's built-in modules, each loaded on first use. Loading them takes longer than the rest of the
 * library, and a browser has none. So importing the library loads none of them.
 *
 * @module
 */

/** Returns `true` if Node's built-in modules exist. A browser has none. */
export function isNodeThere(): boolean {
  const { process } = globalThis as { process?: { getBuiltinModule?: unknown } };
  return typeof process?.getBuiltinModule === "function";
}

/** Node's built-in modules by name. */
export const node = {
  get buffer(): typeof import("node:buffer") {
    return globalThis.process.getBuiltinModule("node:buffer");
  },
  get crypto(): typeof import("node:crypto") {
    return globalThis.process.getBuiltinModule("node:crypto");
  },
  get fs(): typeof import("node:fs") {
    return globalThis.process.getBuiltinModule("node:fs");
  },
  get os(): typeof import("node:os") {
    return globalThis.process.getBuiltinModule("node:os");
  },
  get path(): typeof import("node:path") {
    return globalThis.process.getBuiltinModule("node:path");
  },
  get stream(): typeof import("node:stream") {
    return globalThis.process.getBuiltinModule("node:stream");
  },
  get timers(): typeof import("node:timers/promises") {
    return globalThis.process.getBuiltinModule("node:timers/promises");
  },
  get url(): typeof import("node:url") {
    return globalThis.process.getBuiltinModule("node:url");
  },
  get v8(): typeof import("node:v8") {
    return globalThis.process.getBuiltinModule("node:v8");
  },
  get zlib(): typeof import("node:zlib") {
    return globalThis.process.getBuiltinModule("node:zlib");
  },
};
