/**
 * The colours of figures on a dark screen, by their colours on paper: first letters and lines, then the
 * grounds of phases, then the data. The cells of heatmaps and the text on them keep their colours.
 */
const DARK: Readonly<Record<string, string>> = {
  "#222222": "#e8e8ea",
  "#767676": "#a5a9b0",
  "#e6e6e6": "#3a3d42",
  "#c4c4c4": "#55585e",
  "#cccccc": "#54575d",
  "#e4e4e4": "#3a3d42",
  "#efefef": "#303338",
  "#fafafa": "#26282b",
  "#000000": "#f4f4f5",
  "#000": "#f4f4f5",
  black: "#f4f4f5",
  "#0072B2": "#4aa8e0",
};

const DARK_FIGURES = `@media screen and (prefers-color-scheme: dark) {
${
  Object.entries(DARK).flatMap(([light, dark]) =>
    ["fill", "stroke"].map((what) => `  figure svg [${what}="${light}"] { ${what}: ${dark}; }`)
  ).join("\n")
}
}`;

/** The style sheet of a report for screens, light or dark, and for paper. */
export const REPORT_STYLE = `
:root {
  color-scheme: light dark;
  --ink: #1d1d1f; --faint: #5f6368; --ground: #ffffff; --panel: #f6f7f8; --figure: #ffffff; --rule: #d9dce0; --link: #0057a3;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e8e8ea; --faint: #a5a9b0; --ground: #17181a; --panel: #222427; --figure: #1d1f21; --rule: #3a3d42; --link: #7db8f0;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
body {
  margin: 0 auto; padding: 2.5rem 1.5rem 5rem; max-width: 64rem;
  background: var(--ground); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Helvetica, Arial, "DejaVu Sans", sans-serif;
}
h1 { margin: 0 0 .5rem; font-size: 1.9rem; line-height: 1.2; }
h2 { margin: 3rem 0 .75rem; font-size: 1.35rem; border-bottom: 1px solid var(--rule); padding-bottom: .3rem; }
p { margin: .6rem 0; max-width: 48rem; }
a { color: var(--link); }
nav { margin: 1.5rem 0; padding: .9rem 1.2rem; background: var(--panel); border-radius: 8px; }
nav p { margin: 0 0 .3rem; font-weight: 600; }
nav ol { margin: 0; padding-left: 1.4rem; columns: 2 18rem; column-gap: 2.5rem; }
.scroll { overflow-x: auto; margin: 1rem 0 1.5rem; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding-bottom: .5rem; color: var(--faint); }
th, td { padding: .35rem .8rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--rule); }
th { border-bottom-width: 2px; font-weight: 600; vertical-align: bottom; }
tbody tr:nth-child(even) { background: var(--panel); }
.number { text-align: right; }
td.number { white-space: nowrap; }
figure { width: fit-content; max-width: 100%; margin: 1.2rem 0 1.8rem; padding: .5rem; background: var(--figure); border: 1px solid var(--rule); border-radius: 8px; overflow-x: auto; }
figure svg { display: block; max-width: 100%; height: auto; }
figure svg > rect[fill="white"] { fill: none; }
figcaption { padding: .2rem .7rem .5rem; color: var(--faint); font-size: .9rem; }
.narrow { display: none; }
pre { padding: .8rem 1rem; background: var(--panel); border-radius: 8px; overflow-x: auto; font-size: .85rem; }
@media screen and (max-width: 640px) {
  body { padding: 1.25rem .9rem 3rem; overflow-wrap: anywhere; }
  h1 { font-size: 1.5rem; }
  h2 { font-size: 1.2rem; margin-top: 2rem; }
  nav ol { columns: 1; }
  figure { padding: 0; width: auto; }
  .wide { display: none; }
  .narrow { display: block; }
  table { width: 100%; font-size: .875rem; }
  th, td { padding: .35rem .5rem; }
  td.number { white-space: normal; }
  pre { white-space: pre-wrap; }
  .cards, .cards tbody, .cards caption { display: block; }
  .cards thead { display: none; }
  .cards tr { display: block; margin-bottom: .6rem; padding: .3rem 0; border: 1px solid var(--rule); border-radius: 8px; }
  .cards td { display: flex; justify-content: space-between; gap: 1rem; border: 0; padding: .15rem .7rem; text-align: right; }
  .cards td::before { content: attr(data-label); color: var(--faint); text-align: left; flex: 0 1 auto; overflow-wrap: normal; }
  .cards td:first-child { font-weight: 600; }
}
${DARK_FIGURES}
@media print {
  :root { --ink: #000; --faint: #444; --ground: #fff; --panel: #fff; --figure: #fff; --rule: #bbb; --link: #000; }
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  nav { border: 1px solid var(--rule); }
  h2 { break-after: avoid; }
  figure, tr { break-inside: avoid; }
  thead { display: table-header-group; }
  .scroll, figure { overflow: visible; }
  table { font-size: 8.5pt; }
  th, td { padding: .2rem .45rem; }
}
@page { margin: 16mm; }
`;
