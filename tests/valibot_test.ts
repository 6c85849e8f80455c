import assert from "node:assert/strict";
import { contentError, quoted } from "../lib/messages.ts";
import * as v from "../lib/valibot.ts";

const schema = v.object({
  name: v.string("a text"),
  members: v.array(v.strictObject({ epoch: v.number("a number") }, "an object"), "a list"),
});

Deno.test("checkContent gives what the schema makes of a value", () => {
  const value = { name: "a", members: [{ epoch: 1 }], more: 2 };
  const { more: _, ...known } = value;
  assert.deepEqual(v.checkContent(schema, value, "file"), known);
});

Deno.test("checkContent tells the first thing that is wrong, and where", () => {
  const good = { name: "a", members: [] };
  const long = { text: "x".repeat(100) };
  const cases: [value: unknown, what: string, message: string][] = [
    [{ ...good, name: 3 }, "", 'found 3 as "name", need a text'],
    [{ name: 3, members: 4 }, "", 'found 3 as "name", need a text'],
    [{ members: [] }, "", 'found nothing as "name", need it'],
    [{ ...good, name: undefined }, "", 'found nothing as "name", need a text'],
    [{ ...good, name: Infinity }, "", 'found Infinity as "name", need a text'],
    [{ ...good, members: [{}] }, "", 'found nothing as "members[0].epoch", need it'],
    [{ ...good, members: [null] }, "", 'found null as "members[0]", need an object'],
    [
      { ...good, members: [{ epoch: 1 }, { epoch: "2" }] },
      "",
      'found "2" as "members[1].epoch", need a number',
    ],
    [
      { ...good, members: [{ epoch: 1, old: 2 }] },
      "",
      'found "members[0].old", need nothing of that name',
    ],
    [{ ...good, name: null }, "a study", 'found null as "name" of a study, need a text'],
    [
      { ...good, name: long },
      "",
      `found {"text":"${"x".repeat(48)}... as "name", need a text`,
    ],
  ];
  for (const [value, what, message] of cases) {
    assert.throws(() => v.checkContent(schema, value, 'the "file"', what), {
      name: "SyntaxError",
      message: `Cannot read "the \\"file\\"": ${message}`,
    });
  }
  assert.throws(() => v.checkContent(v.string("a text"), 3, "file", "the title"), {
    message: 'Cannot read "file": found 3 as the title, need a text',
  });
});

Deno.test("messages are short, whatever they quote", () => {
  const letters = "𝒳".repeat(61);
  assert.equal(quoted(letters.slice(2)), `"${letters.slice(2)}"`);
  assert.equal(quoted(letters), `"${letters.slice(0, 114)}..."`);
  assert.equal(quoted("x".repeat(1e6)), `"${"x".repeat(57)}..."`);
  const cause = new Error("why");
  assert.equal(contentError("a", "b", "c", cause).cause, cause);
});
