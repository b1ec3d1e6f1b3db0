// Accepts connections and hands them to its parent; while it is stopped, the system keeps who knocks waiting.
import { createServer } from 'node:net'

const server = createServer({ pauseOnConnect: true }, (socket) => process.send?.('socket', socket))
server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => process.send?.(server.address()))
process.on('disconnect', () => process.exit())
