/**
 * A text as it is compared: by Unicode's full case folding and canonical equivalence, with blanks of every kind and
 * number as one, and without what nobody sees. Two texts are the same to a reader if and only if this is equal.
 *
 * Unicode folds to lower case, this to upper case, which gives the same classes: lower case alone keeps three sigmas
 * and `ß` apart. Only the dotless `ı`, which folds to itself, would become an `I`.
 */
export function fold(text: string): string {
  if (/^[\x21-\x7e]*$/.test(text)) return text.toUpperCase()
  return text
    .replaceAll(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replaceAll(/\s+/g, ' ')
    .normalize('NFD')
    .toLowerCase()
    .replaceAll(/[^ı]+/g, (part) => part.toUpperCase())
    .normalize('NFC')
}
