/** A file of an export, in memory. */
export interface ExportedFile {
  /** The file's name, without a folder. */
  readonly name: string;
  /** The file's content. */
  readonly content: string | Uint8Array<ArrayBuffer>;
}
