/**
 * Makes the playground as one HTML file: markup, style, the page's script, and in compressed form the
 * worker's script and the built-in data.
 *
 * @module
 */
import { PAGE_MARKUP, PAGE_STYLE } from "./page/mod.ts";

/** The parts of the page that the caller provides. */
export interface PlaygroundParts {
  /** The page's script, bundled. */
  readonly page: string;
  /** The worker's script, bundled. */
  readonly worker: string;
  /** The built-in data: a CSV file, compressed (gzip). */
  readonly data: Uint8Array;
}

/**
 * The content security policy of the page. Without `connect-src`, nothing can be sent. The only scripts
 * that run are the page's own, and the worker that it makes from a part of itself.
 */
export const SECURITY_POLICY = {
  "default-src": "'none'",
  "script-src": "'wasm-unsafe-eval'",
  "style-src": "",
  "worker-src": "blob:",
  "img-src": "data:",
  "base-uri": "'none'",
  "form-action": "'none'",
} as const;

const ICON = "data:image/svg+xml," + encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><g fill="#0068a8">' +
    '<circle cx="3" cy="3" r="2"/><circle cx="13" cy="5" r="2"/><circle cx="5" cy="13" r="2"/></g>' +
    '<path d="M3 3 13 5 5 13" fill="none" stroke="#0068a8"/></svg>',
);

/** Makes the page. Equal parts give equal bytes. */
export async function playgroundPage({ page, worker, data }: PlaygroundParts): Promise<string> {
  const script = page.replaceAll("</script", "<\\/script").trim();
  const style = PAGE_STYLE.trim();
  const policy = await policyFor(script, style);
  const packed = await compressed(new TextEncoder().encode(worker));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Sparsemble playground</title>
<link rel="icon" href="${ICON}">
<style>${style}</style>
</head>
<body>
${PAGE_MARKUP.trim()}
<script type="application/gzip" id="worker-script">${base64(packed)}</script>
<script type="application/gzip" id="builtin-table">${base64(data)}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** The policy, with the digests of the page's own script and style. */
async function policyFor(script: string, style: string): Promise<string> {
  const own = {
    "script-src": await digestSource(script),
    "style-src": await digestSource(style),
  } as Record<string, string>;
  return Object.entries(SECURITY_POLICY)
    .map(([name, sources]) => [name, own[name], sources].filter(Boolean).join(" "))
    .join("; ");
}

async function digestSource(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `'sha256-${base64(new Uint8Array(digest))}'`;
}

async function compressed(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function base64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
