/**
 * Archives: what a ZIP file holds, as NPZ does.
 *
 * @module
 */
export { zipContent, zipEntries, type ZipEntry } from "./zip.ts";
