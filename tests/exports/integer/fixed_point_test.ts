import assert from "node:assert/strict";
import {
  logarithm,
  power,
  scaled,
  scaledUnsigned,
  shifted,
  sine,
} from "../../../lib/exports/integer/fixed_point.ts";
import {
  decodeScale,
  encodeScale,
  exponentOf,
  scaleOf,
} from "../../../lib/exports/integer/row_scale.ts";

Deno.test("products and shifts are rounded down, whatever their sign", () => {
  for (const value of [0, 1, -1, 65535, -65536, 2 ** 31 - 1, -(2 ** 31)]) {
    for (const factor of [0, 1, 40000, 65535]) {
      const exact = BigInt(value) * BigInt(factor) >> 16n;
      assert.equal(BigInt(scaled(value, factor)), exact);
    }
    assert.equal(shifted(value, 5), Math.floor(value / 32));
    assert.equal(shifted(value, 60), value < 0 ? -1 : 0);
  }
  const large = 2 ** 32 - 1;
  assert.equal(scaledUnsigned(large, 65535), Math.floor(large * 65535 / 65536));
});

Deno.test("powers, logarithms and sines of tables are those of mathematics, to four digits", () => {
  for (let x = 0; x < 20 * 65536; x += 997) {
    assert.ok(Math.abs(power(x) / 2 ** 24 - 2 ** (-x / 65536)) < 5e-5);
  }
  assert.equal(power(25 * 65536), 0);
  for (let x = 1; x < 2 ** 32; x = Math.ceil(x * 1.07)) {
    assert.ok(Math.abs(logarithm(x) / 65536 - Math.log2(x)) < 1e-4);
  }
  for (let x = 0; x < 65536; x += 13) {
    assert.ok(Math.abs(sine(x) / 32767 - Math.sin(2 * Math.PI * x / 65536)) < 2e-4);
  }
});

Deno.test("a row's scale keeps twelve bits, from the layer's largest to one 30,000 times smaller", () => {
  for (const largest of [0.75, 1, 3e-9, 5e7]) {
    const exponent = exponentOf(largest);
    assert.ok(largest < 2 ** exponent && largest >= 2 ** (exponent - 1));
    for (let scale = largest; scale > largest / 30000; scale *= 0.83) {
      const code = encodeScale(scale, exponent);
      assert.ok(code >= 0 && code < 65536 && decodeScale(code).factor >= 32768);
      assert.ok(Math.abs(scaleOf(code, exponent) / scale - 1) <= 2 ** -12);
    }
  }
  assert.equal(encodeScale(1e-9, exponentOf(1)), 0);
});
