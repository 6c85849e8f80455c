import yauzl from "npm:yauzl@3.4.0";

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

/** Opens an archive. The library has no types of its own. */
export const openPromise: (
  path: string,
  options: { autoClose: boolean; decodeStrings: boolean; validateEntrySizes: boolean },
) => Promise<Archive> = yauzl.openPromise;
