/**
 * Lists of bars, such as the probabilities of classes.
 *
 * @module
 */
import { element } from "./elements.ts";

/** A bar with its name. */
export interface Bar {
  readonly name: string;
  /** The length, from 0 to 1. */
  readonly to: number;
  readonly value: string;
  /** An interval of the length. */
  readonly interval?: readonly [low: number, high: number] | undefined;
  /** `true` highlights the bar. */
  readonly isFirst?: boolean;
}

/** Shows bars in a list. Existing bars are changed in place, so that they move. */
export function showBars(list: HTMLElement, bars: readonly Bar[]): void {
  while (list.children.length > bars.length) list.lastChild!.remove();
  bars.forEach(({ name, to, value, interval, isFirst = false }, place) => {
    const item = list.children[place] as HTMLElement ?? list.appendChild(newItem());
    const [label, bar, number] = item.children;
    item.className = isFirst ? "first" : "";
    label.textContent = name;
    label.setAttribute("title", name);
    number.textContent = value;
    const length = bar.firstChild as HTMLElement;
    length.style.setProperty("--to", `${clamped(to)}`);
    const whisker = bar.children[1] as HTMLElement;
    whisker.hidden = interval === undefined;
    if (interval === undefined) return;
    whisker.style.setProperty("--low", `${clamped(interval[0])}`);
    whisker.style.setProperty("--high", `${clamped(interval[1])}`);
  });
}

function newItem(): HTMLElement {
  return element(
    "li",
    {},
    element("span", { class: "name" }),
    element("span", { class: "bar", "aria-hidden": "true" }, element("i"), element("b")),
    element("span", { class: "value" }),
  );
}

function clamped(share: number): number {
  return Math.min(1, Math.max(0, share));
}
