/**
 * The words of `isMissing` that stand for a missing category, in every mixture of upper and lower case.
 * ONNX can only map whole texts.
 */
export function missingWords(): string[] {
  const words = ["nan", "+nan", "-nan", "na", "n/a", "#n/a", "null", "none", "?", ""];
  return words.flatMap(inAllCases);
}

function inAllCases(word: string): string[] {
  return [...word].reduce<string[]>(
    (begun, letter) =>
      begun.flatMap((begin) =>
        [...new Set([letter, letter.toUpperCase()])].map((one) => begin + one)
      ),
    [""],
  );
}
