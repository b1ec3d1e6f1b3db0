/** The proxy of HTTPS_PROXY, with its scheme and maybe a password; empty for none, null for what is no HTTP proxy. */
export function proxyOf(env: NodeJS.ProcessEnv): string | null {
  const given = env.https_proxy || env.HTTPS_PROXY || ''
  if (given === '') return ''
  const proxy = given.includes('://') ? given : `http://${given}`
  return /^https?:$/.test(URL.parse(proxy)?.protocol ?? '') ? proxy : null
}
