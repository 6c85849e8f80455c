import assert from "node:assert/strict";
import { csvLine } from "../lib/csv_line.ts";

Deno.test("csvLine quotes cells that would break the line, and leaves missing values empty", () => {
  assert.equal(csvLine(["a", 1.5, null, undefined, ""]), "a,1.5,,,");
  assert.equal(csvLine(["a,b", 'a "b"', "a\nb", "a\rb"]), '"a,b","a ""b""","a\nb","a\rb"');
});
