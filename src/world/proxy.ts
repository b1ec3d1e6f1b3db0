/**
 * The proxy that HTTPS_PROXY names, with its scheme; empty where none is set, null where the value names no HTTP proxy.
 * The value may hold a password.
 */
export function proxyOf(env: NodeJS.ProcessEnv): string | null {
  const given = env.https_proxy || env.HTTPS_PROXY || ''
  if (given === '') return ''
  const proxy = given.includes('://') ? given : `http://${given}`
  return /^https?:$/.test(URL.parse(proxy)?.protocol ?? '') ? proxy : null
}
