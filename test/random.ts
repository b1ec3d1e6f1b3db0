import fc from 'fast-check'
import { runs } from './runs.ts'

// Where a test names no number of its own.
fc.configureGlobal(runs(100))
