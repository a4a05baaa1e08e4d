// node tests/portal/server.mjs [--port N] [--state memory] [--secret-bytes N] [--clock-offset SECONDS]
//
// Prints one line, the address, and serves until it is stopped.
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    'port': { type: 'string', default: '0' },
    'state': { type: 'string', default: 'memory' },
    'secret-bytes': { type: 'string', default: '20' },
    'clock-offset': { type: 'string', default: '0' },
  },
})

const port = whole('port', 0, 65535)
const secretBytes = whole('secret-bytes', 1, 256)
const clockOffset = whole('clock-offset', -1e9, 1e9)
if (values.state !== 'memory') stop('--state: only "memory" is known; nothing is ever written to disk')
if (spawnSync('oathtool', ['--version']).error) stop('oathtool is missing: it judges the codes (package "oathtool" or "oath-toolkit")')

const { createPortal } = await import('./portal.mjs').catch((error) => {
  if (error.code === 'ERR_MODULE_NOT_FOUND') stop('run `npm ci --ignore-scripts` in tests/portal first')
  throw error
})

const server = createPortal({ clock: () => Math.floor(Date.now() / 1000) + clockOffset, secretBytes })
server.on('error', (error) => stop(error.message))
server.listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/`))

function whole(name, least, most) {
  const number = Number(values[name])
  if (!Number.isInteger(number) || number < least || number > most) stop(`--${name}: a whole number from ${least} to ${most}`)
  return number
}

function stop(reason) {
  console.error(`portal: ${reason}`)
  process.exit(1)
}
