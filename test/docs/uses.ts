/** What `uses:` of a step names, as the runner understands it. */
export type Reference =
  | { readonly kind: 'image' }
  /** A folder of the workspace: in a called workflow, the caller's. */
  | { readonly kind: 'workspace'; readonly path: string }
  /** A folder of the repository that holds the workflow, at the workflow's commit. */
  | { readonly kind: 'self'; readonly path: string }
  | { readonly kind: 'repository'; readonly name: string; readonly path: string; readonly ref: string }

/**
 * The rule of the runner, which actionlint and GitHub's own language service do not know in full: `$/` without a path
 * is no reference to the workflow's own repository, and is then refused as one to another that lacks owner and name.
 *
 * actions/runner 2.336.0, `PipelineTemplateConverter.ConvertToStep` and `PipelineConstants.TryParseSelfRepository`:
 *
 * ```csharp
 * if (usesValue != null && usesValue.StartsWith(SelfRepositoryPrefix, StringComparison.Ordinal))
 * {
 *     path = usesValue.Substring(SelfRepositoryPrefix.Length).TrimStart('/');
 *     if (string.IsNullOrEmpty(path))
 *     {
 *         path = null;
 *         return false;
 *     }
 *     return true;
 * }
 * ```
 *
 * @see https://github.com/actions/runner/blob/258d6c857db3519913f7deb6004b60172f8043ae/src/Sdk/DTPipelines/Pipelines/PipelineConstants.cs#L61
 * @throws {Error} in the runner's words
 */
export function parseUses(uses: string): Reference {
  if (uses.startsWith('docker://')) return { kind: 'image' }
  if (uses.startsWith('./') || uses.startsWith('.\\')) return { kind: 'workspace', path: uses }
  const self = /^\$\/\/*([^/].*)$/s.exec(uses)
  if (self !== null) return { kind: 'self', path: self[1] ?? '' }

  const [location = '', ref = '', ...more] = uses.split('@')
  const [owner, name, ...path] = location.split(/[/\\]/).filter((segment) => segment !== '')
  if (owner === undefined || name === undefined || ref === '' || more.length > 0) {
    throw new Error(`Expected format {org}/{repo}[/path]@ref. Actual '${uses}'`)
  }
  return { kind: 'repository', name: `${owner}/${name}`, path: path.join('/'), ref }
}
