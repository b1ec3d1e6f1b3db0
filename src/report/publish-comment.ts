import type { Run } from '../run.ts'
import type { RunReport } from './report.ts'

export async function publishComment(_run: Run, _report: RunReport): Promise<void> {}
