/** Downloads from a server on 127.0.0.1 that redirects, cuts, changes and refuses. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  download,
  type DownloadEvent,
  type DownloadOptions,
} from "../../../lib/data/catalogue/download.ts";
import { isThere, namesIn, newFolder, readBytes, readText, writeFile } from "../../files.ts";
import { type Offer, serveFiles } from "./file_server.ts";

const CONTENT = Uint8Array.from({ length: 300_000 }, (_, k) => (k * 7919) >> 3);
const SHA256 = createHash("sha256").update(CONTENT).digest("hex");

/** Downloads `/file` from a server that offers it so. */
async function get(
  offer: Omit<Offer, "content"> & { content?: Offer["content"] },
  options: Partial<DownloadOptions> & { folder?: string; path?: string } = {},
) {
  await using server = serveFiles({ "/file": { content: CONTENT, ...offer } });
  const folder = options.folder ?? newFolder();
  const events: DownloadEvent[] = [];
  const result = await download(`${server.origin}${options.path ?? "/file"}`, `${folder}/file`, {
    sha256: SHA256,
    pause: 1,
    onEvent: (event) => events.push(event),
    ...options,
  }).catch((error: Error) => error);
  const types = events.map(({ type }) => type).filter((type) => type !== "bytes");
  return { server, folder, events, types, result };
}

function assertWhole(folder: string, result: unknown): void {
  assert.deepEqual(result, { bytes: CONTENT.length, sha256: SHA256 });
  assert.deepEqual(readBytes(`${folder}/file`), CONTENT);
  assert.deepEqual(namesIn(folder), ["file"]);
}

Deno.test("a file is downloaded whole, and tells how far it is", async () => {
  const { folder, result, events, server } = await get({});
  assertWhole(folder, result);
  const last = events.at(-1)!;
  assert.deepEqual(last, { type: "bytes", bytes: CONTENT.length, bytesTotal: CONTENT.length });
  assert.deepEqual(server.asked, [{ path: "/file", range: null, ifRange: null }]);
});

Deno.test("a connection that is cut is gone on with where it ended, twice", async () => {
  const { folder, result, types, server } = await get({ cuts: [100_000, 50_000] });
  assertWhole(folder, result);
  assert.deepEqual(types, ["retry", "resumed", "retry", "resumed"]);
  assert.deepEqual(server.asked.map(({ range, ifRange }) => [range, ifRange]), [
    [null, null],
    ["bytes=100000-", '"1"'],
    ["bytes=150000-", '"1"'],
  ]);
});

Deno.test("a server that knows no ranges sends the whole file again", async () => {
  const { folder, result, types, server } = await get({ cuts: [100_000], ranges: false });
  assertWhole(folder, result);
  assert.deepEqual(types, ["retry", "restarted"]);
  assert.equal(server.asked.length, 2);
});

Deno.test("a download that failed for good keeps what came, and the next one goes on", async () => {
  const first = await get({ cuts: [90_000, 0, 0, 0] }, { retries: 2 });
  assert.ok(first.result instanceof Error);
  assert.match(
    first.result.message,
    /^Cannot download "http:.*\/file": the connection (was cut after 90000 of 300000 bytes|failed .*); 90000 bytes are kept to go on with$/,
  );
  assert.deepEqual(namesIn(first.folder), ["file.part", "file.part.json"]);
  assert.deepEqual(readBytes(`${first.folder}/file.part`), CONTENT.subarray(0, 90_000));

  // The same address: the port is another, so the note beside the part is changed as well.
  const note = `${first.folder}/file.part.json`;
  await using server = serveFiles({ "/file": { content: CONTENT } });
  writeFile(note, readText(note).replace(/http:\/\/127.0.0.1:\d+/, server.origin));
  const options = { sha256: SHA256, pause: 1 };
  const result = await download(`${server.origin}/file`, `${first.folder}/file`, options);
  assertWhole(first.folder, result);
  assert.deepEqual(server.asked, [{ path: "/file", range: "bytes=90000-", ifRange: '"1"' }]);
});

Deno.test("what came from another address is not gone on with", async () => {
  const { folder } = await get({ cuts: [90_000, 0] }, { retries: 0 });
  assert.ok(isThere(`${folder}/file.part`));
  const { result, server } = await get({}, { folder });
  assertWhole(folder, result);
  assert.equal(server.asked[0].range, null);
});

Deno.test("a file that changed on the server between two parts is downloaded anew", async () => {
  const offer = { content: new Uint8Array(300_000), etag: '"old"', cuts: [100_000] };
  await using server = serveFiles({ "/file": offer });
  const folder = newFolder();
  const options: DownloadOptions = {
    sha256: null,
    pause: 1,
    // The new version comes while the first attempt is being given up.
    onEvent: ({ type }) => {
      if (type === "retry") server.offers["/file"] = { content: CONTENT, etag: '"new"' };
    },
  };
  const result = await download(`${server.origin}/file`, `${folder}/file`, options);
  assertWhole(folder, result);
  assert.equal(server.asked[1].ifRange, '"old"');
});

Deno.test("parts of two versions that no tag tells apart are noticed by the checksum", async () => {
  const folder = newFolder();
  await using server = serveFiles({ "/file": { content: CONTENT, etag: null } });
  const address = `${server.origin}/file`;
  writeFile(`${folder}/file.part`, new Uint8Array(1000));
  writeFile(`${folder}/file.part.json`, JSON.stringify({ address, version: null }));
  const result = await download(address, `${folder}/file`, { sha256: SHA256, pause: 1 });
  assertWhole(folder, result);
  assert.deepEqual(server.asked.map(({ range }) => range), ["bytes=1000-", null]);
});

Deno.test("without tag and checksum nothing is gone on with", async () => {
  const { folder, result, server } = await get(
    { cuts: [100_000], etag: null },
    { sha256: null },
  );
  assertWhole(folder, result);
  assert.deepEqual(server.asked.map(({ range }) => range), [null, null]);
});

Deno.test("a part that has all bytes is completed, and one that has more is begun anew", async () => {
  for (const [part, ranges] of [[CONTENT, 1], [new Uint8Array(400_000), 2]] as const) {
    const folder = newFolder();
    await using server = serveFiles({ "/file": { content: CONTENT } });
    const address = `${server.origin}/file`;
    writeFile(`${folder}/file.part`, part);
    writeFile(`${folder}/file.part.json`, JSON.stringify({ address, version: '"1"' }));
    const result = await download(address, `${folder}/file`, { sha256: SHA256, pause: 1 });
    assertWhole(folder, result);
    assert.equal(server.asked.length, ranges);
  }
});

Deno.test("another file than the one with the checksum is refused, and nothing is kept", async () => {
  const { folder, result } = await get({ content: "another file" });
  assert.ok(result instanceof Error);
  assert.match(
    result.message,
    new RegExp(
      `^Cannot use ".*/file": found 12 bytes with SHA-256 [0-9a-f]{64}, need ${SHA256}; nothing was kept$`,
    ),
  );
  assert.deepEqual(namesIn(folder), []);
});

Deno.test("a whole file that is there is not downloaded again, a wrong one is", async () => {
  const { folder } = await get({});
  const again = await get({}, { folder });
  assertWhole(folder, again.result);
  assert.equal(again.server.asked.length, 0);
  writeFile(`${folder}/file`, "something else");
  assertWhole(folder, (await get({}, { folder })).result);
});

Deno.test("statuses are told: 404 at once, 503 after further attempts", async () => {
  const missing = await get({}, { path: "/none" });
  assert.match(
    `${missing.result}`,
    /^Error: Cannot download ".*\/none": found status 404 \(Not Found\), need 200$/,
  );
  assert.equal(missing.server.asked.length, 1);
  assert.deepEqual(namesIn(missing.folder), []);

  const busy = () => new Response("busy", { status: 503 });
  const passing = await get({ instead: [busy(), busy()] });
  assertWhole(passing.folder, passing.result);
  assert.deepEqual(passing.types, ["retry", "retry"]);
  const lasting = await get({ instead: [busy(), busy(), busy()] }, { retries: 2 });
  assert.match(`${lasting.result}`, /found status 503.*, need 200$/);
});

Deno.test("a server that is not there is told after the attempts", async () => {
  const server = serveFiles({});
  await server[Symbol.asyncDispose]();
  const folder = newFolder();
  await assert.rejects(
    download(`${server.origin}/file`, `${folder}/file`, { sha256: null, retries: 1, pause: 1 }),
    /^Error: Cannot download "http:.*": the connection failed \([^)]+\)/,
  );
  assert.deepEqual(namesIn(folder), []);
});

Deno.test("redirects are followed, relative ones and from host to host", async () => {
  await using target = serveFiles({ "/there/file": { content: CONTENT } });
  const to = (location: string, status = 302) =>
    new Response(null, { status, headers: { location } });
  const offers: Record<string, Offer> = {
    "/a": { content: "", instead: [to("b?x=1", 301)] },
    "/b": { content: "", instead: [to(`${target.origin}/there/file`, 307)] },
    "/round": { content: "", instead: Array.from({ length: 20 }, () => to("/round")) },
    "/nowhere": { content: "", instead: [new Response(null, { status: 302 })] },
    "/mail": { content: "", instead: [to("mailto:a@b.example")] },
  };
  await using server = serveFiles(offers);
  const folder = newFolder();
  const options = { sha256: SHA256, pause: 1 };
  assertWhole(folder, await download(`${server.origin}/a`, `${folder}/file`, options));
  assert.deepEqual(server.asked.map(({ path }) => path), ["/a", "/b"]);
  const says: [path: string, message: RegExp][] = [
    ["/round", /found more than 10 redirects, need fewer$/],
    ["/nowhere", /found a redirect to nowhere, need an address$/],
    ["/mail", /found a redirect to "mailto:a@b.example", need an address$/],
  ];
  for (const [path, message] of says) {
    await assert.rejects(download(`${server.origin}${path}`, `${folder}/other`, options), message);
  }
  assert.deepEqual(namesIn(folder), ["file"]);
});

Deno.test("a download that is stopped keeps what came, and the next one goes on with it", async () => {
  const folder = newFolder();
  const never = Promise.withResolvers<void>();
  await using server = serveFiles({ "/file": { content: CONTENT, pause: never.promise } });
  const address = `${server.origin}/file`;
  const stopper = new AbortController();
  await assert.rejects(
    download(address, `${folder}/file`, {
      sha256: SHA256,
      signal: stopper.signal,
      onEvent: (event) => {
        if (event.type === "bytes" && event.bytes >= 150_000) stopper.abort();
      },
    }),
    { name: "AbortError" },
  );
  never.resolve();
  assert.deepEqual(namesIn(folder), ["file.part", "file.part.json"]);
  assert.equal(readBytes(`${folder}/file.part`).length, 150_000);
  server.offers["/file"] = { content: CONTENT };
  const result = await download(address, `${folder}/file`, { sha256: SHA256 });
  assertWhole(folder, result);
  assert.equal(server.asked[1].range, "bytes=150000-");
  await assert.rejects(
    download(address, `${folder}/other`, { sha256: null, signal: AbortSignal.abort() }),
    { name: "AbortError" },
  );
});

Deno.test("a stop while waiting for the next attempt ends at once", async () => {
  const stopper = new AbortController();
  const { result, folder } = await get({ cuts: [1000] }, {
    pause: 1_000_000,
    signal: stopper.signal,
    onEvent: ({ type }) => {
      if (type === "retry") setTimeout(() => stopper.abort());
    },
  });
  assert.equal((result as Error).name, "AbortError");
  assert.equal(readBytes(`${folder}/file.part`).length, 1000);
});

Deno.test("two processes do not write one download", async () => {
  const folder = newFolder();
  const held = Promise.withResolvers<void>();
  await using server = serveFiles({ "/file": { content: CONTENT, pause: held.promise } });
  const address = `${server.origin}/file`;
  const started = Promise.withResolvers<void>();
  const options = { sha256: SHA256, onEvent: () => started.resolve() };
  const first = download(address, `${folder}/file`, options);
  await started.promise;
  await assert.rejects(
    download(address, `${folder}/file`, options),
    /^Error: Cannot write ".*file\.part": found another process downloading it, need to wait$/,
  );
  held.resolve();
  assertWhole(folder, await first);
});

Deno.test("a folder that is not there is told", async () => {
  await using server = serveFiles({ "/file": { content: CONTENT } });
  await assert.rejects(
    download(`${server.origin}/file`, `${newFolder()}/none/file`, { sha256: null }),
    /^Error: Cannot write ".*none\/file\.part": /,
  );
});

Deno.test("a server that falls silent counts as cut, and is asked again for the rest", async () => {
  const folder = newFolder();
  const silence = Promise.withResolvers<void>();
  await using server = serveFiles({ "/file": { content: CONTENT, pause: silence.promise } });
  const events: DownloadEvent[] = [];
  const options = {
    sha256: SHA256,
    pause: 1,
    stall: 300,
    onEvent(event: DownloadEvent) {
      events.push(event);
      if (event.type === "retry") server.offers["/file"] = { content: CONTENT };
    },
  };
  assertWhole(folder, await download(`${server.origin}/file`, `${folder}/file`, options));
  silence.resolve();
  assert.deepEqual(events.filter(({ type }) => type !== "bytes"), [
    { type: "retry", reason: "fewer than 65536 bytes came for 0.3 seconds", attempt: 1 },
    { type: "resumed", bytes: 150_000 },
  ]);
});

Deno.test("a server that is silent from the beginning ends the download", async () => {
  const never = Promise.withResolvers<Response>();
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => never.promise,
  );
  const folder = newFolder();
  const address = `http://127.0.0.1:${server.addr.port}/file`;
  const options = { sha256: SHA256, pause: 1, stall: 50, retries: 1 };
  await assert.rejects(download(address, `${folder}/file`, options), {
    message: `Cannot download "${address}": fewer than 65536 bytes came for 0.05 seconds`,
  });
  assert.deepEqual(namesIn(folder), []);
  never.resolve(new Response());
});

Deno.test("a server that sends a byte now and then ends the download", async () => {
  let asked = 0;
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => {
    asked++;
    let timer: ReturnType<typeof setInterval> | undefined;
    // Without end, and never silent for as long as the limit.
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        timer = setInterval(() => controller.enqueue(new Uint8Array(1)), 5);
      },
      cancel: () => clearInterval(timer),
    });
    return new Response(body);
  });
  const folder = newFolder();
  const address = `http://127.0.0.1:${server.addr.port}/file`;
  const options = { sha256: SHA256, pause: 1, stall: 300, retries: 1 };
  await assert.rejects(download(address, `${folder}/file`, options), {
    message: /: fewer than 65536 bytes came for 0\.3 seconds/,
  });
  assert.equal(asked, 2);
});

Deno.test("a file that is too large is refused, whether the server says its size or not", async () => {
  const { folder, result, server } = await get({}, { mostBytes: 299_999 });
  assert.match(
    (result as Error).message,
    /^Cannot download ".*": found at least 300000 bytes, need at most 299999; nothing was kept$/,
  );
  assert.deepEqual(namesIn(folder), []);
  assert.equal(server.asked.length, 1);
  const whole = await get({}, { mostBytes: 300_000 });
  assertWhole(whole.folder, whole.result);

  // Without end, in pieces of 64 KiB; and after an answer that says where its part ends.
  for (const headers of [{}, { "content-range": "bytes 100000-299999/300000" }]) {
    let sent = 0;
    const endless = () =>
      new ReadableStream<Uint8Array<ArrayBuffer>>({
        pull(controller) {
          sent += 2 ** 16;
          controller.enqueue(new Uint8Array(2 ** 16));
        },
      });
    const instead = "content-range" in headers
      ? [new Response(endless(), { status: 206, headers })]
      : [new Response(endless())];
    const cuts = "content-range" in headers ? [100_000] : [];
    await using server = serveFiles({ "/file": { content: CONTENT, cuts } });
    const folder = newFolder();
    const options = {
      sha256: SHA256,
      pause: 1,
      mostBytes: 2 ** 20,
      onEvent({ type }: DownloadEvent) {
        if (type === "retry") server.offers["/file"] = { content: CONTENT, instead };
      },
    };
    if (cuts.length === 0) server.offers["/file"] = { content: CONTENT, instead };
    await assert.rejects(
      download(`${server.origin}/file`, `${folder}/file`, options),
      cuts.length === 0
        ? /found at least 1\d{6} bytes, need at most 1048576; nothing was kept$/
        : /found at least 3\d{5} bytes, need at most 300000; nothing was kept$/,
    );
    assert.deepEqual(namesIn(folder), []);
    // What is under way is read ahead by the system, and no more.
    assert.ok(sent < 2 ** 26, `${sent} bytes were sent`);
  }
});
