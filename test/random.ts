import fc from 'fast-check'
import { runs } from './runs.ts'

const { LAW_SEED = '' } = process.env

// Where a test names no number of its own. The seed repeats a whole run; each failure prints its own.
fc.configureGlobal({ ...runs(100), ...(LAW_SEED === '' ? {} : { seed: Number(LAW_SEED) }) })
