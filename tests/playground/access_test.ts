/** The page for everybody: on a telephone, in the dark, for a keyboard and for a screen reader. */
import assert from "node:assert/strict";
import { browser } from "../browser.ts";
import { openPage, type Page } from "./devtools.ts";
import { choose, siteAddress, the, untilTrained } from "./site.ts";

const ignore = browser === null;

/** Trains on the built-in data. */
async function train(page: Page): Promise<void> {
  await page.run(`${the("builtin")}.click()`);
  await page.until(`${the("target-facts")}.textContent !== ""`);
  await choose(page, "members", "1");
  await page.run(`${the("train")}.click()`);
  await untilTrained(page);
  await page.run(`${the("more")}.open = true`);
}

/**
 * The least contrast of the page's texts with what is behind them, as WCAG 2.2 defines it
 * (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio), and the text that has it.
 */
const LEAST_CONTRAST = `(() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data;
  };
  const luminance = (rgb) => {
    const [r, g, b] = [...rgb].map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const groundOf = (element) => {
    for (let at = element; at !== null; at = at.parentElement) {
      const [r, g, b, a] = rgba(getComputedStyle(at).backgroundColor);
      if (a === 255) return [r, g, b];
    }
    return [255, 255, 255];
  };
  let least = [99, ""];
  for (const element of document.querySelectorAll("body *")) {
    const isText = [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim() !== "");
    if (!isText || element.closest("script, noscript, :disabled") !== null) continue;
    if (element.getClientRects().length === 0) continue;
    const style = getComputedStyle(element);
    const ink = luminance(rgba(element.namespaceURI.endsWith("svg") ? style.fill : style.color).slice(0, 3));
    const ground = luminance(groundOf(element));
    const contrast = (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
    if (contrast < least[0]) least = [contrast, element.outerHTML.slice(0, 200)];
  }
  return least;
})()`;

for (const isDark of [false, true]) {
  Deno.test({
    name: `on a ${isDark ? "dark" : "light"} telephone everything fits, and is read easily`,
    ignore,
    async fn() {
      const look = { width: 390, height: 844, isPhone: true, isDark };
      await using page = await openPage(await siteAddress(), look);
      await train(page);
      assert.equal(await page.run("document.scrollingElement.scrollWidth"), 390);
      const beyond = await page.run(`[...document.querySelectorAll("body *")]
        .filter((element) => element.closest(".scroll, pre, .unseen, thead.unseen") === null)
        .filter((element) => element.getBoundingClientRect().right > 391)
        .map((element) => element.outerHTML.slice(0, 120))`);
      assert.deepEqual(beyond, []);
      const [contrast, text] = await page.run(LEAST_CONTRAST);
      assert.ok(contrast >= 4.5, `${contrast}: ${text}`);
      // Fingers need room: 24 pixels at least (https://www.w3.org/TR/WCAG22/#target-size-minimum).
      const small = await page.run(
        `[...document.querySelectorAll("button, select, summary, label.button, [type=range]")]
        .map((element) => [element.getBoundingClientRect(), element.outerHTML.slice(0, 120)])
        .filter(([{ width, height }]) => width > 0 && (height < 24 || width < 24))`,
      );
      assert.deepEqual(small, []);
      const ground = await page.run("getComputedStyle(document.body).backgroundColor");
      assert.equal(ground, isDark ? "rgb(20, 21, 23)" : "rgb(252, 252, 250)");
    },
  });
}

Deno.test({
  name: "a screen reader finds a name for all that can be reached, and headings in order",
  ignore,
  async fn() {
    await using page = await openPage(await siteAddress());
    await train(page);
    await page.send("Accessibility.enable");
    const { nodes } = await page.send("Accessibility.getFullAXTree");
    const seen = nodes.filter(({ ignored }: { ignored: boolean }) => !ignored);
    // deno-lint-ignore no-explicit-any
    const property = (node: any, name: string) =>
      // deno-lint-ignore no-explicit-any
      node.properties?.find((one: any) => one.name === name)?.value.value;
    let reached = 0;
    const headings: number[] = [];
    for (const node of seen) {
      const role = node.role?.value;
      if (role === "heading") headings.push(property(node, "level"));
      if (property(node, "focusable") !== true || role === "RootWebArea") continue;
      reached++;
      assert.ok(node.name?.value || ["generic", "code"].includes(role), JSON.stringify(node));
    }
    assert.ok(reached > 25, `${reached}`);
    assert.deepEqual(headings, [1, 2, 2, 2, 2, 2]);
    const roles = new Set(seen.map(({ role }: { role?: { value: string } }) => role?.value));
    for (
      const role of ["main", "banner", "contentinfo", "progressbar", "status", "image", "slider"]
    ) {
      assert.ok(roles.has(role), `${role} is not among ${[...roles].join(", ")}`);
    }
    // Arrow keys move a slider, and the ensemble answers.
    await page.run(`document.querySelector("#controls input").focus()`);
    const value = () => page.run(`document.querySelector("#controls output").textContent`);
    const before = await value();
    await page.press("ArrowRight");
    await page.until(`document.querySelector("#controls output").textContent !== "${before}"`);
    assert.ok(Number(await value()) > Number(before));
  },
});
