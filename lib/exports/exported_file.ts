/** A file of an export, not written yet. */
export interface ExportedFile {
  /** The file's name, without a folder. */
  readonly name: string;
  /** The file's content. */
  readonly content: string | Uint8Array<ArrayBuffer>;
}
