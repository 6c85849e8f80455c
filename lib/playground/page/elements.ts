/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * Finds elements of the markup, and makes new ones.
 *
 * @module
 */

/** The element of the markup with an id. */
export function byId<E extends Element = HTMLElement>(id: string): E {
  return document.getElementById(id) as unknown as E;
}

/** A new element. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  { class: name, text, ...attributes }: Readonly<Record<string, string>> = {},
  ...children: readonly Node[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  if (name !== undefined) made.className = name;
  if (text !== undefined) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** A new element of a drawing. */
export function drawn<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string | number>>,
  text?: string,
): SVGElementTagNameMap[Tag] {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, `${value}`);
  if (text !== undefined) made.textContent = text;
  return made;
}

/** Shows a message, or hides its place. */
export function showMessage(place: HTMLElement, message: string | null): void {
  place.hidden = message === null;
  place.textContent = message ?? "";
}

/** Shows a sentence. Text between asterisks is strong. */
export function showFacts(place: HTMLElement, sentence: string): void {
  place.replaceChildren(
    ...sentence.split("*").map((part, k) =>
      k % 2 === 1 ? element("strong", { text: part }) : document.createTextNode(part)
    ),
  );
}
