/**
 * A report on a phone: in a frame of 375 pixels, because Chromium's own windows are at least 500 wide.
 *
 * @module
 */
import { newFolder, readBytes, writeFile } from "../files.ts";
import { openInBrowser } from "../browser.ts";

/** The width of a phone, in CSS pixels. */
export const PHONE = 375;

/** A text that is seen on the page. */
export interface SeenText {
  readonly text: string;
  /** The height of its letters' box, in pixels. */
  readonly height: number;
  /** WCAG's contrast of the text to the ground below it, from 1 to 21. */
  readonly contrast: number;
  /** The text stands in a figure. */
  readonly inFigure: boolean;
}

/** The page as it is seen. */
export interface SeenPage {
  /** The width of the window, as the page is told. */
  readonly window: number;
  /** The width of the document. */
  readonly width: number;
  /** Everything that reaches beyond the window's edges, even where it could be scrolled to. */
  readonly outside: readonly string[];
  readonly texts: readonly SeenText[];
  /** The ground of the page, such as `rgb(255, 255, 255)`. */
  readonly ground: string;
  /** A picture of it. */
  readonly png: Uint8Array;
}

/** The script that measures: it runs in the page around the frame. */
const MEASURE = `
const seen = (element) => element.getClientRects().length > 0;
const light = (colour) => {
  const [r, g, b] = colour.match(/[\\d.]+/g).map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const groundOf = (element) => {
  for (let at = element; at !== null; at = at.parentElement) {
    const colour = getComputedStyle(at).backgroundColor;
    if (!/, 0\\)$/.test(colour)) return colour;
  }
  return "rgb(255, 255, 255)";
};
function measure(view) {
  const { document } = view;
  const all = [...document.querySelectorAll("body *")].filter(seen);
  const outside = all.filter((element) => {
    const { left, right } = element.getBoundingClientRect();
    return left < -1 || right > view.innerWidth + 1;
  });
  const texts = all.filter((element) => element.tagName === "text" ||
    ["P", "TD", "TH", "H1", "H2", "A", "FIGCAPTION", "CODE", "CAPTION"].includes(element.tagName));
  return {
    window: view.innerWidth,
    width: document.documentElement.scrollWidth,
    outside: outside.map((element) => element.outerHTML.slice(0, 80)),
    // Letters on a cell of a heatmap have the colour that the cell needs.
    texts: texts.filter((element) => !element.closest(".mark-text.role-mark") && element.textContent !== "")
      .map((element) => {
        const inFigure = element.tagName === "text";
        const style = getComputedStyle(element);
        const [a, b] = [inFigure ? style.fill : style.color, groundOf(element)].map(light);
        return {
          text: element.textContent,
          height: element.getBoundingClientRect().height,
          contrast: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05),
          inFigure,
        };
      }),
    ground: getComputedStyle(document.body).backgroundColor,
  };
}
addEventListener("load", () => {
  const frame = document.querySelector("iframe");
  const found = measure(frame.contentWindow);
  document.querySelector("script").remove();
  document.documentElement.dataset.found = encodeURIComponent(JSON.stringify(found));
});
`;

/** Opens a report on a phone with a light or a dark screen. */
export async function seenOnPhone(html: string, look: "light" | "dark"): Promise<SeenPage> {
  const folder = newFolder();
  // The frame's own page has no scripts. Its policy would hold for the script around it, too.
  const inner = html.replace(/<meta http-equiv[^>]*>/, "").replaceAll("&", "&amp;")
    .replaceAll('"', "&quot;");
  const height = 4000;
  const frame = `<iframe style="width:${PHONE}px;height:${height}px;border:0" scrolling="no"`;
  writeFile(
    `${folder}/page.html`,
    `<!doctype html><meta charset="utf-8"><style>body{margin:0}</style>` +
      `<script>${MEASURE}</script>${frame} srcdoc="${inner}"></iframe>`,
  );
  const options = [
    `--blink-settings=preferredColorScheme=${look === "dark" ? 0 : 1}`,
    `--window-size=500,${height}`,
    "--hide-scrollbars",
  ];
  const dom = await openInBrowser(`${folder}/page.html`, [...options, "--dump-dom"]);
  const found = /data-found="([^"]*)"/.exec(dom)?.[1];
  if (found === undefined) throw new Error(`Chromium measured nothing: ${dom.slice(0, 300)}`);
  await openInBrowser(`${folder}/page.html`, [...options, `--screenshot=${folder}/page.png`]);
  return { ...JSON.parse(decodeURIComponent(found)), png: readBytes(`${folder}/page.png`) };
}
