// Loaded into the action's own process by NODE_OPTIONS: its days are SHIFT_DAYS ahead of this machine's.
const by = Number(process.env.SHIFT_DAYS ?? '0') * 24 * 60 * 60 * 1000
// What the action's clock starts from.
Object.defineProperty(performance, 'timeOrigin', { value: performance.timeOrigin + by })
