const COLOURS: Readonly<Record<string, string>> = { error: '31', warning: '33', notice: '36' }

/** The log of a step as GitHub's viewer shows it: commands are turned into what they stand for, masks are hidden. */
export function showLog(log: string): string {
  let indent = ''
  const lines: string[] = []
  for (const line of log.split(/\r?\n/)) {
    const [, name = '', , text = ''] = /^::([a-z-]+)( [^:]*)?::(.*)$/.exec(line) ?? []
    if (name === 'debug' || name === 'add-mask') continue
    if (name === 'endgroup') indent = ''
    else if (name === 'group') {
      lines.push(`▼ ${decode(text)}`)
      indent = '    '
    } else if (name === '') lines.push(indent + line)
    else
      lines.push(`\u001b[${COLOURS[name] ?? '0'}m${name[0]?.toUpperCase()}${name.slice(1)}: ${decode(text)}\u001b[0m`)
  }
  return lines.join('\n')
}

function decode(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%')
}
