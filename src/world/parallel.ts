/** Works on the items in order, several at a time. None begins after `stopped` or an error. @throws the first error */
export async function inParallel<T>(
  items: Iterable<T>,
  workers: number,
  work: (item: T) => Promise<void>,
  stopped: () => boolean,
): Promise<void> {
  const iterator = items[Symbol.iterator]()
  const errors: unknown[] = []
  const worker = async (): Promise<void> => {
    while (errors.length === 0 && !stopped()) {
      const next = iterator.next()
      if (next.done === true) return
      await work(next.value).catch((error: unknown) => errors.push(error))
    }
  }
  await Promise.all(Array.from({ length: workers }, worker))
  if (errors.length > 0) throw errors[0]
}

/** Items in groups of at most `size`. */
export function* inBatches<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size)
}
