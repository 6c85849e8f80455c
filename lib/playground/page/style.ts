/**
 * The style of the page, for light and dark screens, wide and narrow ones.
 *
 * @module
 */

/** The style sheet. There is one colour beside those of ink and paper. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --ink: #1b1c1e; --faint: #5a5e64; --ground: #fcfcfa; --panel: #f3f3ef; --rule: #dfded8;
  --accent: #0068a8; --on-accent: #ffffff; --wrong: #a3261c; --line: #8b8f96;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e9e8e4; --faint: #a4a8ae; --ground: #141517; --panel: #1d1f22; --rule: #33363a;
    --accent: #6db9ee; --on-accent: #08202f; --wrong: #ff9d92; --line: #7f848b;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: clamp(2.5rem, 7vw, 5.5rem) clamp(1.15rem, 5vw, 3rem) 4rem; max-width: 66rem;
  background: var(--ground); color: var(--ink);
  font: 1.0625rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  font-variant-numeric: tabular-nums;
}
p { margin: 0 0 1rem; }
h1 {
  margin: 0 0 1.1rem; max-width: 16ch; font-size: clamp(2.2rem, 6.2vw, 3.7rem); font-weight: 650;
  line-height: 1.06; letter-spacing: -.032em; text-wrap: balance;
}
h2 { margin: 0 0 1.6rem; font-size: 1.5rem; font-weight: 650; letter-spacing: -.018em; }
h2:focus { outline: none; }
.mark { margin: 0 0 1.5rem; color: var(--accent); font-weight: 650; letter-spacing: -.01em; }
.lead { max-width: 34em; font-size: 1.2rem; color: var(--faint); text-wrap: pretty; }
.step { display: inline-block; min-width: 1.4em; color: var(--accent); font-weight: 500; }
section { margin-top: clamp(3rem, 7vw, 5rem); padding-top: 1.8rem; border-top: 1px solid var(--rule); }
.hint { color: var(--faint); font-size: .95rem; max-width: 44em; }
.facts { min-height: 1.6em; color: var(--faint); }
.facts strong, .hint strong { color: var(--ink); font-weight: 600; }
.unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.error { padding: .8rem 1.1rem; border-left: 3px solid var(--wrong); background: var(--panel); color: var(--wrong); overflow-wrap: anywhere; }
:focus-visible, .unseen:focus-visible + .button, label.button:has(+ .unseen:focus-visible) {
  outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 6px;
}

.button {
  display: inline-flex; align-items: center; justify-content: center; min-height: 2.9rem; padding: .4rem 1.25rem;
  border: 1px solid var(--line); border-radius: 999px; background: transparent; color: var(--ink);
  font: inherit; font-weight: 550; cursor: pointer; transition: background .15s, border-color .15s;
}
.button:hover { background: var(--panel); border-color: var(--ink); }
.button.primary { border-color: var(--accent); background: var(--accent); color: var(--on-accent); }
.button.primary:hover { filter: brightness(1.08); }
.button:disabled, .button:has(+ input:disabled) { opacity: .5; cursor: default; }

.drop {
  padding: clamp(2rem, 6vw, 3.4rem) 1.5rem; border: 1.5px dashed var(--line); border-radius: 18px; text-align: center;
  transition: background .15s, border-color .15s;
}
.drop.over { border-color: var(--accent); background: var(--panel); }
.drop-title { font-size: 1.3rem; font-weight: 600; letter-spacing: -.01em; }
.drop-actions { display: flex; flex-wrap: wrap; gap: .7rem; justify-content: center; margin-bottom: 1.4rem; }
.drop .hint { margin: 0 auto; text-wrap: balance; }
#table-view { margin-top: 2rem; }

.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .92rem; }
th, td { padding: .45rem .9rem .45rem 0; border-bottom: 1px solid var(--rule); text-align: left; white-space: nowrap; }
th { font-weight: 600; }
#preview td, #preview th { max-width: 14rem; overflow: hidden; text-overflow: ellipsis; }
#preview .chosen { color: var(--accent); }

form { display: flex; flex-wrap: wrap; gap: 1.4rem 1.6rem; align-items: end; margin: 2rem 0 1rem; }
.field { margin: 0; padding: 0; border: 0; min-width: 0; }
.field > label, legend { display: block; margin-bottom: .35rem; padding: 0; color: var(--faint); font-size: .95rem; }
select, input[type="number"] {
  min-height: 2.9rem; max-width: 100%; padding: .4rem 2.2rem .4rem .9rem; border: 1px solid var(--line); border-radius: 12px;
  background: var(--ground); color: var(--ink); font: inherit;
}
legend { float: left; width: 100%; }
.switch { display: inline-flex; min-height: 2.9rem; padding: 3px; clear: both; border: 1px solid var(--line); border-radius: 999px; }
.switch label { position: relative; display: flex; cursor: pointer; }
.switch input { position: absolute; inset: 0; margin: 0; opacity: 0; cursor: pointer; }
.switch span { display: flex; align-items: center; padding: 0 1.05rem; border-radius: 999px; }
.switch :checked + span { background: var(--ink); color: var(--ground); }
.switch :focus-visible + span { outline: 3px solid var(--accent); outline-offset: 2px; }

.progress-line { display: flex; gap: 1.4rem; align-items: center; margin-bottom: .6rem; }
progress { flex: 1; height: 6px; border: 0; border-radius: 3px; background: var(--rule); appearance: none; overflow: hidden; }
progress::-webkit-progress-bar { background: var(--rule); }
progress::-webkit-progress-value { background: var(--accent); transition: width .2s; }
progress::-moz-progress-bar { background: var(--accent); }
.remarks { color: var(--faint); font-size: .95rem; }

figure { margin: 0; min-width: 0; }
figcaption { margin-bottom: .7rem; font-weight: 600; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 21rem), 1fr)); gap: 2.4rem 3rem; margin-top: 2rem; }
.pair.wide { grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); margin-top: 3rem; }
.key { margin-left: 1rem; color: var(--faint); font-size: .88rem; font-weight: 400; white-space: nowrap; }
.key::before { content: ""; display: inline-block; width: 1.1em; height: 0; margin-right: .45em; vertical-align: .28em; border-top: 2px solid var(--line); }
.key.other::before { border-color: var(--accent); }
.key.cell::before, .key.fresh::before { width: .7em; height: .7em; border: 0; background: var(--line); vertical-align: -.02em; }
.key.fresh::before { background: var(--accent); }
.chart { display: block; width: 100%; height: 15rem; overflow: visible; }
.chart.tall { height: 22rem; }
.chart .grid { stroke: var(--rule); }
.chart .member { stroke: var(--rule); stroke-dasharray: 2 4; }
.chart text { fill: var(--faint); font-size: 12.5px; }
.chart path { fill: none; stroke: var(--line); stroke-width: 1.5; stroke-linejoin: round; }
.chart path.other { stroke: var(--accent); stroke-width: 2; }
.chart .dot { fill: var(--accent); fill-opacity: .45; }
.chart .ideal { stroke: var(--line); stroke-dasharray: 4 4; }

.below { margin: .9rem 0 0; }
.layer { margin-top: 2.8rem; }
#layer { width: 100%; table-layout: fixed; font-size: .88rem; }
#layer th, #layer td { padding: 2px 0; border: 0; height: 1.35rem; line-height: 1.2; }
#layer .names { width: min(12.5rem, 30%); }
#layer .counts { width: 3.6rem; }
#layer .changes { width: 3.8rem; }
#layer th { padding-right: 1rem; overflow: hidden; text-overflow: ellipsis; font-weight: 400; }
#layer td:nth-child(3) { text-align: right; }
#layer td:nth-child(4) { text-align: right; color: var(--faint); }
#layer td.gained { color: var(--accent); font-weight: 600; }
#layer canvas { display: block; width: 100%; height: 14px; background: var(--panel); border-radius: 2px; }

.verdict { display: flex; flex-wrap: wrap; gap: .4rem 1.6rem; align-items: baseline; }
.great { margin: 0; font-size: clamp(3.2rem, 11vw, 5.6rem); font-weight: 650; line-height: 1; letter-spacing: -.045em; }
.great.small { margin-bottom: 1.1rem; font-size: 2.1rem; letter-spacing: -.025em; line-height: 1.15; overflow-wrap: anywhere; }
.numbers { display: grid; grid-template-columns: repeat(auto-fit, minmax(max(8.5rem, 28%), 1fr)); gap: 1.6rem 2rem; margin: 1.8rem 0 0; }
.numbers dt { color: var(--faint); font-size: .92rem; }
.numbers dd { margin: 0; font-size: 1.25rem; font-weight: 600; letter-spacing: -.01em; }
.matrix th, .matrix td { padding: .42rem .5rem; border: 0; text-align: right; font-size: .88rem; }
.matrix thead th { height: 6.2rem; padding: .2rem 0; font-weight: 400; color: var(--faint); vertical-align: bottom; }
.matrix thead span { writing-mode: vertical-rl; transform: rotate(180deg); display: inline-block; }
.matrix tbody th { padding-left: 0; font-weight: 400; color: var(--faint); }
.matrix td { min-width: 2.3rem; border-radius: 4px; text-align: center; background: color-mix(in srgb, var(--accent) calc(var(--share) * 100%), var(--panel)); }
.matrix td.full { color: var(--on-accent); }
.matrix td.none { color: var(--faint); background: none; }
.matrix td.missed { box-shadow: inset 0 0 0 1.5px var(--wrong); background: none; }

.bars { margin: 0; padding: 0; list-style: none; }
.bars li { display: grid; grid-template-columns: minmax(4.5rem, 12rem) 1fr 4rem; gap: .9rem; align-items: center; min-height: 1.85rem; line-height: 1.3; font-size: .93rem; }
.bars.wordy li { grid-template-columns: 2fr 1fr 3rem; }
.bars .name { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; overflow-wrap: anywhere; }
.bars .value { text-align: right; color: var(--faint); white-space: nowrap; }
.bar { position: relative; height: 8px; border-radius: 4px; background: var(--panel); }
.bar i { position: absolute; inset: 0 auto 0 0; width: calc(var(--to) * 100%); border-radius: 4px; background: var(--line); transition: width .2s; }
.bars .first .bar i, .bars.needed .bar i { background: var(--accent); }
.bars .first { font-weight: 600; }
.bars .first .value { color: inherit; }
.bar b { position: absolute; top: 3px; height: 2px; left: calc(var(--low) * 100%); width: calc((var(--high) - var(--low)) * 100%); background: var(--ink); }

.trial { display: grid; grid-template-columns: minmax(15rem, 22rem) 1fr; gap: 2rem 3.5rem; align-items: start; }
.answer { position: sticky; top: 1.5rem; padding: 1.6rem; border-radius: 18px; background: var(--panel); }
.answer .bar { background: var(--rule); }
.answer .bars { margin-bottom: 1.2rem; }
.answer .bars li { grid-template-columns: minmax(4rem, 6.5rem) 1fr 4.1rem; }
.controls { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 15rem), 1fr)); gap: 1.1rem 2.2rem; }
.control label { display: flex; justify-content: space-between; gap: 1rem; font-size: .95rem; }
.control .name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; color: var(--faint); }
.control input[type="range"] { display: block; width: 100%; min-height: 2rem; margin: 0; accent-color: var(--accent); cursor: pointer; }
.control select { width: 100%; margin-top: .2rem; }
details { margin-top: 1.6rem; }
summary { margin-bottom: 1.1rem; min-height: 2.2rem; cursor: pointer; color: var(--accent); }
pre { margin: 0 0 1.4rem; padding: 1rem 1.2rem; border-radius: 12px; background: var(--panel); font-size: .88rem; overflow-x: auto; }
code { font-family: ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
footer { margin-top: clamp(4rem, 9vw, 7rem); padding-top: 1.8rem; border-top: 1px solid var(--rule); color: var(--faint); font-size: .95rem; }
footer p { max-width: 44em; }

@media (max-width: 46rem) {
  .trial { grid-template-columns: 1fr; }
  .answer { top: .6rem; padding: 1.1rem 1.2rem; z-index: 1; border: 1px solid var(--rule); }
  .answer .great.small { margin-bottom: .5rem; font-size: 1.5rem; }
  .answer .bars li:nth-child(n + 4) { display: none; }
  .key { margin-left: .6rem; }
  #layer .names { width: 7.4rem; }
  #layer .counts { width: 2.6rem; }
  #layer .changes { width: 3rem; }
  .field { flex: 1 1 auto; }
  .field select { width: 100%; }
  #train { flex: 1 1 100%; }
}
@media (prefers-reduced-motion: reduce) {
  html { scroll-behavior: auto; }
  * { transition: none !important; }
}
`;
