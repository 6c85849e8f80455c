import { type FigureSpec, renderSvg } from "../plots/mod.ts";
import { type Table, tableHtml, tableMarkdown, tableText } from "./table.ts";

/** The name of the method that Deno's Jupyter kernel calls to display a value. */
export const JUPYTER_DISPLAY: unique symbol = Symbol.for("Jupyter.display");

/** The same content in several media types. A notebook shows the best type that it supports. */
export interface Displayable {
  /** Returns the contents by media type. */
  [JUPYTER_DISPLAY](): Promise<Record<string, unknown>>;
}

/**
 * Shows a figure as the last value of a notebook's cell: as Vega-Lite if the notebook can draw it,
 * otherwise as SVG, and in a terminal as its title.
 *
 * @param spec A Vega-Lite specification.
 *
 * @example Usage
 * ```ts
 * import { display } from "@sparsemble/sparsemble";
 * import { JUPYTER_DISPLAY } from "@sparsemble/sparsemble/reports";
 * import { resultsFigure } from "@sparsemble/sparsemble/plots";
 * import assert from "node:assert/strict";
 *
 * const shown = display(resultsFigure([
 *   { group: "pol", label: "FD-TSE", series: "ours", estimate: 94.4, low: 93.3, high: 95.3 },
 * ]));
 * const content = await shown[JUPYTER_DISPLAY]();
 * assert.deepEqual(Object.keys(content), [
 *   "application/vnd.vegalite.v5+json",
 *   "image/svg+xml",
 *   "text/plain",
 * ]);
 * ```
 */
export function display(spec: FigureSpec): Displayable {
  return {
    [JUPYTER_DISPLAY]: async () => ({
      // JupyterLab and others know this media type. Our figures use no newer features.
      "application/vnd.vegalite.v5+json": {
        ...spec,
        $schema: "https://vega.github.io/schema/vega-lite/v5.json",
      },
      "image/svg+xml": await renderSvg(spec),
      "text/plain": titleOf(spec) ?? "Figure",
    }),
  };
}

/**
 * Shows a table as the last value of a notebook's cell: as HTML, Markdown, or plain text.
 *
 * @example Usage
 * ```ts
 * import { displayTable } from "@sparsemble/sparsemble";
 * import { JUPYTER_DISPLAY } from "@sparsemble/sparsemble/reports";
 * import assert from "node:assert/strict";
 *
 * const shown = displayTable({ columns: ["method", "accuracy"], rows: [["FD-TSE", 94.4]] });
 * const content = await shown[JUPYTER_DISPLAY]();
 * assert.deepEqual(Object.keys(content), ["text/html", "text/markdown", "text/plain"]);
 * ```
 */
export function displayTable(table: Table): Displayable {
  return {
    [JUPYTER_DISPLAY]: () =>
      Promise.resolve({
        "text/html": tableHtml(table),
        "text/markdown": tableMarkdown(table),
        "text/plain": tableText(table),
      }),
  };
}

/** The title of a figure, or `null`. */
export function titleOf(spec: FigureSpec): string | null {
  const { title } = spec;
  if (typeof title === "string") return title;
  const { text } = (title ?? {}) as { text?: unknown };
  if (typeof text === "string") return text;
  return Array.isArray(text) ? text.join(" ") : null;
}
