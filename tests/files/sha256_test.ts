/** The digest that browsers use, against Node's. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { sha256 } from "../../lib/files/sha256.ts";
import { randomStream } from "../../lib/random.ts";

Deno.test("the published digests of FIPS 180 are ours", () => {
  assert.equal(
    sha256().update("abc").digest(),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
  assert.equal(
    sha256().update("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq").digest(),
    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
  );
});

Deno.test("messages of all lengths about a block, in pieces, have Node's digests", () => {
  const random = randomStream(1, "sha256");
  for (let length = 0; length < 300; length++) {
    const message = Uint8Array.from({ length }, () => random.below(256));
    const cut = random.below(length + 1);
    const ours = sha256().update(message.subarray(0, cut)).update(message.subarray(cut)).digest();
    assert.equal(ours, createHash("sha256").update(message).digest("hex"), `${length} bytes`);
  }
  const text = "Grüße 🦎 ".repeat(5000);
  const ours = sha256().update(text).digest();
  assert.equal(ours, createHash("sha256").update(text).digest("hex"));
});
