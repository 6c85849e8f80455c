/** Cells as a line of a CSV file (RFC 4180), without its end. An empty cell stands for no value. */
export function csvLine(cells: readonly unknown[]): string {
  return cells.map((cell) => {
    const text = `${cell ?? ""}`;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  }).join(",");
}
