import { escaped } from "../messages.ts";
import { loadResvg, loadVega, loadVegaLite } from "./renderers/mod.ts";

/** A Vega-Lite specification: plain JSON. */
export type FigureSpec = Readonly<Record<string, unknown>>;

/**
 * Draws a Vega-Lite specification as an SVG document. Loads the drawing libraries on first use. Needs no permission. Equal specifications give
 * equal documents.
 *
 * @throws {SyntaxError} If the specification is not valid, or a part of it would not be drawn.
 *
 * @example Usage
 * ```ts
 * import { renderSvg } from "@sparsemble/sparsemble/plots";
 * import assert from "node:assert/strict";
 *
 * const svg = await renderSvg({
 *   data: { values: [{ epoch: 1, loss: 0.7 }, { epoch: 2, loss: 0.4 }] },
 *   mark: "line",
 *   encoding: {
 *     x: { field: "epoch", type: "quantitative" },
 *     y: { field: "loss", type: "quantitative" },
 *   },
 * });
 * assert.match(svg, /^<svg /);
 * ```
 */
export async function renderSvg(spec: FigureSpec): Promise<string> {
  const [{ parse, View }, { compile }] = await Promise.all([loadVega(), loadVegaLite()]);
  const complaints: string[] = [];
  const logger = collector(complaints);
  let svg: string;
  try {
    // Vega changes the data that it gets, so they are copied.
    const own = structuredClone(spec);
    const compiled = compile(own as unknown as Parameters<typeof compile>[0], { logger });
    const view = new View(parse(compiled.spec), { renderer: "none", logger });
    svg = await view.toSVG();
    view.finalize();
  } catch (cause) {
    throw new SyntaxError(`Cannot draw the figure: ${(cause as Error).message}`, { cause });
  }
  if (complaints.length > 0) throw new SyntaxError(`Cannot draw the figure: ${complaints[0]}`);
  // Names come from files. XML forbids control characters, and no name may reverse the direction of the
  // text around it.
  return numberNames(svg.replaceAll(/[^\n\t]+/g, escaped));
}

/** Numbers the names in a document from 0, because Vega's counter continues over all documents. */
function numberNames(svg: string): string {
  const names = [...new Set(Array.from(svg.matchAll(/ id="([^"]+)"/g), ([, name]) => name))];
  return renameInSvg(svg, (name) => {
    const place = names.indexOf(name);
    return place < 0 ? name : `name-${place}`;
  });
}

/** Renames the definitions and references in an SVG document. */
export function renameInSvg(svg: string, rename: (name: string) => string): string {
  return svg.replaceAll(
    /( id="|url\(#|href="#)([^")]+)/g,
    (_, before: string, name: string) => before + rename(name),
  );
}

/**
 * Draws a Vega-Lite specification as a PNG image. Needs permission to load a native library, to read
 * the fonts, and to ask for the operating system (`--allow-ffi --allow-read --allow-sys`).
 *
 * @param scale Pixels per unit of the specification.
 * @throws {SyntaxError} As {@linkcode renderSvg}.
 */
export async function renderPng(spec: FigureSpec, scale = 2): Promise<Uint8Array> {
  const [svg, { Resvg }] = await Promise.all([renderSvg(spec), loadResvg()]);
  return new Resvg(svg, { fitTo: { mode: "zoom", value: scale } }).render().asPng();
}

type Logger = NonNullable<
  ConstructorParameters<Awaited<ReturnType<typeof loadVega>>["View"]>[1]
>["logger"];

/** A Vega logger that collects errors and warnings. Both make the figure fail. */
function collector(complaints: string[]): NonNullable<Logger> {
  const keep = (...texts: readonly unknown[]) => {
    complaints.push(texts.map((text) => text instanceof Error ? text.message : text).join(" "));
    return logger;
  };
  const ignore = () => logger;
  const level = (value?: number) => value === undefined ? 2 : logger;
  const logger = { level, error: keep, warn: keep, info: ignore, debug: ignore } as NonNullable<
    Logger
  >;
  return logger;
}
