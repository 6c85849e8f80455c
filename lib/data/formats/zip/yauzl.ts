/** A file in the directory of an archive. */
export interface Entry {
  readonly fileNameRaw: Uint8Array;
  readonly compressionMethod: number;
  readonly compressedSize: number;
  readonly uncompressedSize: number;
  readonly crc32: number;
  isEncrypted(): boolean;
}

/** An open archive. */
interface Archive {
  readonly entryCount: number;
  eachEntry(): AsyncIterable<Entry>;
  openReadStreamPromise(entry: Entry): Promise<AsyncIterable<Uint8Array>>;
  close(): void;
}

/** The part of yauzl that is used here. yauzl has no types of its own. */
interface Yauzl {
  openPromise(
    path: string,
    options: { autoClose: boolean; decodeStrings: boolean; validateEntrySizes: boolean },
  ): Promise<Archive>;
}

/** A variable, not a literal: otherwise a bundle for browsers would include the package, which needs Node. */
const YAUZL: string = "npm:yauzl@3.4.0";

/** Loads yauzl. */
export async function loadYauzl(): Promise<Yauzl> {
  return (await import(YAUZL)).default;
}
