/**
 * What is to be seen in an SVG document that Vega drew.
 *
 * @module
 */

/** The text of every text element, in order. */
export function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) => match[1]);
}

/** How often a text is there. */
export function countText(svg: string, text: string): number {
  return textsOf(svg).filter((each) => each === text).length;
}

/**
 * Every group of marks of a kind that shows data, as the paths' attributes.
 *
 * @param kind Vega's name: `line`, `rect`, `symbol`, `rule`.
 */
export function marksOf(svg: string, kind: string): Record<string, string>[][] {
  // The marks of legends and axes have roles of their own.
  const groups = svg.matchAll(
    new RegExp(`<g class="mark-${kind} role-mark [^>]*>(.*?)</g>`, "gs"),
  );
  return [...groups].map(([, content]) =>
    [...content.matchAll(/<(?:path|line)([^>]*)>/g)].map(([, attributes]) =>
      Object.fromEntries(
        [...attributes.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
      )
    )
  );
}
