/**
 * Shows the first layer during training. Every column of the table has a strip, with a mark for every
 * connected neuron. A mark is brighter if more inputs of the column are connected. Connections that just
 * grew are in colour.
 *
 * @module
 */
import type { LayerNews } from "../messages.ts";
import { byId, element, showFacts } from "./elements.ts";
import { count, counted } from "./numbers.ts";

/** A strip of the view. */
interface Strip {
  readonly row: HTMLTableRowElement;
  readonly canvas: HTMLCanvasElement;
  readonly connections: HTMLTableCellElement;
  readonly change: HTMLTableCellElement;
  /** For every neuron, the recency of its connection's growth: 1 at first, then less and less. */
  heat: Float32Array;
}

/** The share of a new connection's colour that remains after the next change. */
const COOLING = 0.72;

/** The view. */
export interface FirstLayerView {
  show(news: LayerNews): void;
  /** Says in words which columns gained connections. */
  readonly words: string;
}

/** Opens the view. */
export function firstLayerView(): FirstLayerView {
  const body = byId("layer").querySelector("tbody")!;
  let strips = new Map<string, Strip>();
  let last: LayerNews | null = null;

  function draw(news: LayerNews, isNew: boolean): void {
    const [ink, accent] = [colourOf("--line"), colourOf("--accent")];
    news.columns.forEach((name, place) => {
      const strip = strips.get(name)!;
      const { neurons } = news;
      const cells = news.cells.subarray(place * neurons, (place + 1) * neurons);
      const grown = news.grown.subarray(place * neurons, (place + 1) * neurons);
      if (strip.heat.length !== neurons) strip.heat = new Float32Array(neurons);
      if (isNew) {
        strip.heat.forEach((heat, neuron) => {
          strip.heat[neuron] = cells[neuron] === 0 ? 0 : grown[neuron] > 0 ? 1 : heat * COOLING;
        });
      }
      paint(strip, cells, ink, accent);
    });
  }

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    if (last !== null) draw(last, false);
  });

  return {
    show(news) {
      const isAnotherMember = last?.member !== news.member;
      last = news;
      strips = stripsFor(news, strips, body);
      if (isAnotherMember) { for (const strip of strips.values()) strip.heat.fill(0); }
      news.columns.forEach((name, place) => {
        const { connections, change } = strips.get(name)!;
        const gain = news.counts[place] - news.before[place];
        connections.textContent = count(news.counts[place]);
        change.textContent = gain === 0 ? "" : gain > 0 ? `+${count(gain)}` : `−${count(-gain)}`;
        change.className = gain > 0 ? "gained" : "";
      });
      draw(news, true);
      const hidden = news.hidden === 0
        ? ""
        : ` ${counted(news.hidden, "column")} with fewer connections ${
          news.hidden === 1 ? "is" : "are"
        } not shown.`;
      showFacts(
        byId("layer-facts"),
        `Member ${
          news.member + 1
        }: a strip for each column, its ${news.neurons} neurons from left ` +
          `to right. At the right its connections, and how many it gained.${hidden}`,
      );
    },
    get words() {
      return last === null ? "" : wordsOf(last);
    },
  };
}

/** The strips of the shown columns. Existing strips are kept. */
function stripsFor(
  { columns, neurons }: LayerNews,
  before: ReadonlyMap<string, Strip>,
  body: HTMLElement,
): Map<string, Strip> {
  const names = [...before.keys()];
  if (names.length === columns.length && names.every((name, k) => name === columns[k])) {
    return before as Map<string, Strip>;
  }
  const strips = new Map(columns.map((name) => {
    const kept = before.get(name);
    if (kept !== undefined) return [name, kept] as const;
    const canvas = element("canvas", { "aria-hidden": "true" });
    const connections = element("td");
    const change = element("td");
    const row = element(
      "tr",
      {},
      element("th", { scope: "row", text: name, title: name }),
      element("td", {}, canvas),
      connections,
      change,
    );
    return [name, { row, canvas, connections, change, heat: new Float32Array(neurons) }] as const;
  }));
  body.replaceChildren(...Array.from(strips.values(), ({ row }) => row));
  return strips;
}

type Colour = readonly [red: number, green: number, blue: number];

/** A colour of the style sheet, which writes it as #rrggbb. */
function colourOf(name: string): Colour {
  const text = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const value = parseInt(text.slice(1), 16);
  return [value >> 16, value >> 8 & 255, value & 255];
}

/** Paints a strip: two dots per neuron, of which the second is empty. */
function paint({ canvas, heat }: Strip, cells: Uint8Array, ink: Colour, accent: Colour): void {
  canvas.width = cells.length * 2;
  canvas.height = 1;
  const context = canvas.getContext("2d")!;
  const image = context.createImageData(canvas.width, 1);
  cells.forEach((connections, neuron) => {
    if (connections === 0) return;
    const warmth = heat[neuron];
    const strength = Math.min(1, 0.3 + 0.22 * connections);
    for (let part = 0; part < 3; part++) {
      image.data[8 * neuron + part] = ink[part] + (accent[part] - ink[part]) * warmth;
    }
    image.data[8 * neuron + 3] = 255 * (strength + (1 - strength) * warmth);
  });
  context.putImageData(image, 0, 0);
}

/** The columns that gained most, in words. */
function wordsOf({ columns, counts, before }: LayerNews): string {
  const gains = columns.map((name, k) => ({ name, gain: counts[k] - before[k] }))
    .filter(({ gain }) => gain > 0)
    .sort((a, b) => b.gain - a.gain)
    .slice(0, 3);
  return gains.length === 0
    ? ""
    : `Most connections were gained by ${
      gains.map(({ name, gain }) => `${name} (+${gain})`).join(", ")
    }.`;
}
