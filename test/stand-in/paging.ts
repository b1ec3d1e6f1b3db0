/** One page of a list, as GitHub cuts it: 30 items unless asked, 100 at most. */
export function pageOf<T>(items: readonly T[], url: URL): { page: readonly T[]; headers: Record<string, string> } {
  const size = Math.min(Number(url.searchParams.get('per_page') ?? '30') || 30, 100)
  const number = Math.max(Number(url.searchParams.get('page') ?? '1') || 1, 1)
  const last = Math.max(Math.ceil(items.length / size), 1)
  const link = (relation: string, to: number): string => {
    const target = new URL(url)
    target.searchParams.set('page', String(to))
    return `<${target.href}>; rel="${relation}"`
  }
  const links = [
    ...(number > 1 ? [link('prev', number - 1), link('first', 1)] : []),
    ...(number < last ? [link('next', number + 1), link('last', last)] : []),
  ]
  return {
    page: items.slice((number - 1) * size, number * size),
    headers: links.length === 0 ? {} : { link: links.join(', ') },
  }
}
