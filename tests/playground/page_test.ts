/** The page as a file: its size, its policy, and the server that hands it out. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { builtinDatasetPath } from "../../mod.ts";
import { playgroundPage } from "../../lib/playground/mod.ts";
import { namesIn, readBytes, readText } from "../files.ts";
import { runTask, taskProcess } from "../tasks/run_task.ts";
import { siteFolder } from "./site.ts";

/** The content of a script of the page. */
function scriptOf(page: string, attributes: string): string {
  const found = new RegExp(`<script${attributes}>([^]*?)</script>`).exec(page);
  assert.ok(found !== null, attributes);
  return found[1];
}

/** The sources of the page's policy by name. */
function policyOf(page: string): Map<string, string> {
  const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)!;
  return new Map(
    policy.split("; ").map((part) => {
      const [name, ...sources] = part.split(" ");
      return [name, sources.join(" ")];
    }),
  );
}

Deno.test("the folder is one page of at most 400 kB, which asks for no other file", async () => {
  const folder = await siteFolder();
  assert.deepEqual(namesIn(folder), ["index.html"]);
  const bytes = readBytes(`${folder}/index.html`);
  assert.ok(bytes.length <= 400_000, `${bytes.length} bytes`);
  const page = readText(`${folder}/index.html`);
  assert.doesNotMatch(page, /<(?:link|script|img|iframe)[^>]+(?:src|href)="(?!data:)/);
  const worker = gunzipSync(
    new Uint8Array(
      atob(scriptOf(page, ' type="application/gzip" id="worker-script"'))
        .split("").map((letter) => letter.charCodeAt(0)),
    ),
  ).toString();
  const own = scriptOf(page, "");
  for (const script of [own, worker]) {
    assert.doesNotMatch(script, /\brequire\(|from "node:|\beval\(|new Function/);
  }
  const data = atob(scriptOf(page, ' type="application/gzip" id="builtin-table"'));
  assert.deepEqual(
    Uint8Array.from(data, (letter) => letter.charCodeAt(0)),
    readBytes(builtinDatasetPath("segment")),
  );
});

Deno.test("the policy allows the page's own script and style, and no connection", async () => {
  const page = readText(`${await siteFolder()}/index.html`);
  const policy = policyOf(page);
  const digest = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const style = /<style>([^]*?)<\/style>/.exec(page)![1];
  assert.deepEqual(Object.fromEntries(policy), {
    "default-src": "'none'",
    "script-src": `${digest(scriptOf(page, ""))} 'wasm-unsafe-eval'`,
    "style-src": digest(style),
    "worker-src": "blob:",
    "img-src": "data:",
    "base-uri": "'none'",
    "form-action": "'none'",
  });
  // An attribute of style would be refused.
  assert.doesNotMatch(
    page.slice(page.indexOf("<body>")).split("<script")[0],
    / style=| on[a-z]+="/,
  );
});

Deno.test("equal parts make equal pages, and a script cannot end itself early", async () => {
  const parts = { page: "'</script><p>'", worker: "1", data: Uint8Array.of(1, 2) };
  const page = await playgroundPage(parts);
  assert.equal(await playgroundPage(parts), page);
  assert.equal(scriptOf(page, ""), "'<\\/script><p>'");
});

Deno.test("the server hands out the page on this machine alone, until it is interrupted", async () => {
  const child = taskProcess("play", ["--port", "0"]).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value: line } = await reader.read();
  const address = /^Playground: (http:\/\/127\.0\.0\.1:\d+\/)\n$/.exec(line ?? "")?.[1];
  assert.ok(address !== undefined, line);
  const response = await fetch(address);
  assert.equal(response.status, 200);
  assert.equal(await response.text(), readText(`${await siteFolder()}/index.html`));
  const header = (name: string) => response.headers.get(name);
  assert.equal(header("content-type"), "text/html; charset=utf-8");
  assert.equal(header("content-security-policy"), "frame-ancestors 'none'");
  assert.equal(header("x-content-type-options"), "nosniff");
  for (
    const [path, method, status] of [
      ["other", "GET", 404],
      ["..%2fdeno.json", "GET", 404],
      ["", "POST", 405],
      ["", "HEAD", 200],
    ] as const
  ) {
    const response: Response = await fetch(address + path, { method });
    await response.body?.cancel();
    assert.equal(response.status, status, `${method} ${path}`);
  }
  const { port } = new URL(address);
  const second = await runTask("play", ["--port", port]);
  assert.equal(second.code, 2);
  assert.equal(
    second.stderr,
    `Cannot serve the page: found port ${port} taken, need a free one: deno task play --port 0\n`,
  );
  child.kill("SIGINT");
  await reader.cancel();
  await child.stderr.cancel();
  assert.equal((await child.status).code, 130);
});
