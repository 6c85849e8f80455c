import assert from "node:assert/strict";
import { shellWord } from "../lib/messages.ts";

Deno.test("shellWord is read back by a shell as it was", () => {
  const texts = ["plain-1.0/x", "", "it's", "$(id) `id` ; & | > # ~ * !", '"', "\\", "größe 🐢"];
  const { stdout } = new Deno.Command("sh", {
    args: ["-c", `printf '%s\\n' ${texts.map(shellWord).join(" ")}`],
  }).outputSync();
  assert.equal(new TextDecoder().decode(stdout), texts.map((text) => `${text}\n`).join(""));
});

Deno.test("shellWord refuses line breaks and control characters", () => {
  for (
    const steering of ["\n", "\r", "\0", "\t", "\u001b", "\u007f", "\u009b", "\u2028", "\u2029"]
  ) {
    assert.throws(() => shellWord(`runs/x${steering}rm -rf y`), {
      name: "TypeError",
      message:
        /^Cannot write a command: found "runs\/x.*y", need texts of one line without control char/s,
    });
  }
});
