/** Everything that breaks a line somewhere: in a terminal, in JavaScript, in the runner, in a Markdown parser. */
const BREAKS = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/g

/**
 * What cannot be seen, or turns text around: control characters, bidirectional controls, zero-width and other
 * default-ignorable characters, interlinear marks. Line feed and tab are left to the caller. Joiners and variation selectors
 * are left behind what is not ASCII, as emoji and several scripts need them; between ASCII they can only deceive.
 */
const HIDDEN =
  /(?!(?<=[^\x00-\x7f])[\u200c\u200d\ufe0e\ufe0f])[[\p{Cc}\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\ufff9-\ufffb]--[\n\t]]/gv

/** Text that needs no look: by far the most cells, so that a million accounts cost little. */
const PLAIN = /^[\x20-\x7e\u00a0-\u00ac\u00ae-\u02ff]*$/

/** Text of any number of lines in which nothing is hidden: line breaks are LF, other controls a replacement character. */
export function visibleText(text: string): string {
  if (PLAIN.test(text)) return text
  return text.toWellFormed().replaceAll(BREAKS, '\n').replaceAll(HIDDEN, '\ufffd')
}

/** The same on one line: breaks and tabs are blanks. */
export function visibleLine(text: string): string {
  return PLAIN.test(text) ? text : visibleText(text).replaceAll(/[\n\t]/g, ' ')
}
