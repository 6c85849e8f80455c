/**
 * The playground as `deno task play --out` writes it, made once for the tests of a file.
 *
 * @module
 */
import assert from "node:assert/strict";
import { newFolder } from "../files.ts";
import { runTask } from "../tasks/run_task.ts";
import type { Page } from "./devtools.ts";

let site: Promise<string> | undefined;

/** The folder with the page. */
export function siteFolder(): Promise<string> {
  site ??= (async () => {
    const folder = newFolder();
    const { code, stderr } = await runTask("play", ["--out", folder]);
    assert.equal(code, 0, stderr);
    return folder;
  })();
  return site;
}

/** The address of the page on the disk. */
export async function siteAddress(): Promise<string> {
  return `file://${await siteFolder()}/index.html`;
}

/** The script that finds an element of the page. */
export function the(id: string): string {
  return `document.getElementById(${JSON.stringify(id)})`;
}

/** The text that an element shows. */
export async function textOf(page: Page, id: string): Promise<string> {
  return await page.run(`${the(id)}.textContent.replace(/\\s+/g, " ").trim()`);
}

/** Drops a file on the page, as from a folder's window. */
export async function dropFile(page: Page, name: string, content: string): Promise<void> {
  await page.run(`{
    const transfer = new DataTransfer();
    transfer.items.add(new File([${content}], ${JSON.stringify(name)}));
    document.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, cancelable: true }));
  }`);
}

/** A text as a script. */
export function text(content: string): string {
  return JSON.stringify(content);
}

/** Chooses in a list, as a person does. */
export async function choose(page: Page, id: string, value: string): Promise<void> {
  await page.run(`{
    const list = ${the(id)};
    list.value = ${JSON.stringify(value)};
    list.dispatchEvent(new Event("input", { bubbles: true }));
    list.dispatchEvent(new Event("change", { bubbles: true }));
  }`);
}

/** Waits until training has ended and everything is shown. */
export async function untilTrained(page: Page): Promise<void> {
  await page.until(`${the("importance")}.children.length > 0 || !${the("training-error")}.hidden`);
  await page.until(`${the("answer")}.textContent !== ""`);
}
