import assert from "node:assert/strict";
import { SYMBOLS } from "../../../lib/kernels/native/native.ts";
import { kernelSource } from "../../../lib/kernels/native/kernel_source.ts";

// A wrong signature does not fail: it reads other registers, and ends the process or worse.
Deno.test("every native signature is that of the function in C", () => {
  const types: Record<string, string> = {
    int: "i32",
    int32_t: "i32",
    uint32_t: "u32",
    float: "f32",
    double: "f64",
    size_t: "usize",
    void: "void",
  };
  const found = new Map(
    [...kernelSource().matchAll(/^EXPORT (\w+) (\w+)\(([^)]*)\)/gm)].map(
      ([, result, name, list]) => {
        const parameters = list.split(",").map((parameter) => parameter.trim()).map((parameter) =>
          parameter.includes("*") ? "usize" : types[parameter.split(" ")[0]]
        );
        return [name, {
          parameters: list === "void" ? [] : parameters,
          result: types[result],
        }];
      },
    ),
  );
  assert.ok(found.size >= 13);
  for (const [name, { parameters, result }] of found) {
    const symbol = SYMBOLS[name as keyof typeof SYMBOLS];
    assert.ok(symbol !== undefined, `${name} is not bound`);
    // An array that Deno takes the address of is a pointer too.
    const bound = symbol.parameters.map((type) => (type as string) === "buffer" ? "usize" : type);
    assert.deepEqual({ parameters: bound, result: symbol.result }, { parameters, result }, name);
  }
  assert.deepEqual(Object.keys(SYMBOLS).sort(), [...found.keys()].sort());
});
