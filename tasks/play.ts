/** `deno task play`: serves the playground, or writes it as a page that can be put on any server. */
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { builtinDatasetPath } from "../lib/data/builtin/mod.ts";
import { writeFileAtomically } from "../lib/files/mod.ts";
import { quotedPath, requireInteger } from "../lib/messages.ts";
import { playgroundPage } from "../lib/playground/mod.ts";
import {
  giveUp,
  PROJECT,
  runProgram,
  say,
  taskProgram,
  tell,
  userPath,
} from "./terminal/command_line.ts";
import { onInterrupt } from "./terminal/interrupt.ts";
import { parseNumber } from "./terminal/parse.ts";

/** The only address that is served. No other machine reaches it. */
const HOST = "127.0.0.1";

/** The default port. */
const PORT = 8000;

const program = taskProgram(
  "play",
  "Trains in a browser: serves a page in which a table is trained on, or writes it.",
  "",
  "--out site",
)
  .option("--out <folder>", "write the page into this folder, and serve nothing")
  .option(
    "--port <number>",
    "the port to serve at; 0: any that is free (default: 8000, or any where that is taken)",
    parseNumber,
  );

program.action(async ({ out, port }) => {
  giveUp(out === undefined ? "write" : "net");
  if (port !== undefined) requireInteger("serve the page", port, "as the port", 0, 65_535);
  const page = new TextEncoder().encode(await bundledPage());
  if (out === undefined) return await serve(page, port);
  mkdirSync(userPath(out), { recursive: true });
  const path = join(userPath(out), "index.html");
  writeFileAtomically(path, [page]);
  say(`Page:   ${path} (${Math.round(page.length / 1000)} kB)`);
  say("It is one file that needs no server: open it, or put the folder anywhere.");
});

/** The page, with its scripts bundled. */
async function bundledPage(): Promise<string> {
  const data = readFileSync(builtinDatasetPath("segment"));
  const [page, worker] = await Promise.all(["page", "worker"].map(bundled));
  return await playgroundPage({ page, worker, data });
}

/** The used part of `Deno.bundle`, which is not stable yet and has no types. */
interface Bundler {
  bundle(options: Readonly<Record<string, unknown>>): Promise<{
    readonly errors: readonly { readonly text: string }[];
    readonly outputFiles?: readonly { text(): string }[];
  }>;
}

/** The script that starts a part of the playground, bundled for browsers. */
async function bundled(part: string): Promise<string> {
  const entry = join(PROJECT, "lib", "playground", part, "start.ts");
  const { errors, outputFiles } = await (Deno as unknown as Bundler).bundle({
    entrypoints: [entry],
    platform: "browser",
    format: "iife",
    minify: true,
    write: false,
  });
  const script = outputFiles?.[0]?.text();
  if (script !== undefined && errors.length === 0) return script;
  throw new Error(
    `Cannot bundle ${quotedPath(entry)}: ${
      errors.map(({ text }) => text).join("; ") || "no script"
    }`,
  );
}

/** Serves the page until somebody stops it. */
async function serve(page: Uint8Array<ArrayBuffer>, port: number | undefined): Promise<void> {
  using interrupt = onInterrupt();
  const { signal } = interrupt;
  const options = { hostname: HOST, signal, onListen: () => {} };
  const handler = (request: Request) => answer(request, page);
  const server = listen(
    port ?? PORT,
    port === undefined,
    (port) => Deno.serve({ ...options, port }, handler),
  );
  say(`Playground: http://${HOST}:${server.addr.port}/`);
  tell("Ctrl-C stops it. The page trains by itself: no table reaches this server.");
  await server.finished;
  process.exitCode = 130;
}

/** Listens at a port. If it is taken and the user did not choose it, listens at any free port. */
function listen<Server>(port: number, mayChange: boolean, at: (port: number) => Server): Server {
  try {
    return at(port);
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    if (mayChange) return at(0);
    throw new RangeError(
      `Cannot serve the page: found port ${port} taken, need a free one: deno task play --port 0`,
    );
  }
}

function answer({ method, url }: Request, page: Uint8Array<ArrayBuffer>): Response {
  const { pathname } = new URL(url);
  if (method !== "GET" && method !== "HEAD") return new Response(null, { status: 405 });
  if (pathname !== "/" && pathname !== "/index.html") return new Response(null, { status: 404 });
  return new Response(method === "HEAD" ? null : page, {
    headers: {
      "content-type": "text/html; charset=utf-8",
      // The rest of the policy is in the page itself, so that it holds on any server.
      "content-security-policy": "frame-ancestors 'none'",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
    },
  });
}

await runProgram(program);
