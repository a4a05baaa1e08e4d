// Judges a one-time code. The arithmetic is oathtool's, so that Warifu is never measured by itself.
import { spawn } from 'node:child_process'

/** Seconds a code lives. */
export const PERIOD = 30
/** Length of a code. */
export const DIGITS = 6
/** Time steps of clock drift forgiven in each direction: Keycloak's default ("look around window" 1). */
export const TOLERANCE = 1

/**
 * Says whether `typed` opens the door at `now`.
 *
 * @param {{ secret: string, lastStep: number }} key Base32 key, and the newest time step used so far.
 * @param {string} typed The code exactly as it was sent: nothing is trimmed, for no real portal is asked to.
 * @param {number} now Unix time in seconds.
 * @returns {Promise<{ ok: true, step: number } | { ok: false, reason: string }>}
 */
export async function judge(key, typed, now) {
  if (typed === '') return { ok: false, reason: 'empty' }
  if (/\s/u.test(typed)) return { ok: false, reason: 'spaces' }
  if (!/^[0-9]+$/.test(typed)) return { ok: false, reason: 'not-digits' }
  if (typed.length !== DIGITS) return { ok: false, reason: 'length' }
  const first = Math.floor(now / PERIOD) - TOLERANCE
  const codes = await oathtool(key.secret, first * PERIOD, 2 * TOLERANCE)
  const steps = codes.flatMap((code, i) => (code === typed ? [first + i] : []))
  if (steps.length === 0) return { ok: false, reason: 'wrong' }
  const step = steps.find((step) => step > key.lastStep)
  return step === undefined ? { ok: false, reason: 'used' } : { ok: true, step }
}

/**
 * The code at `time` and the `further` ones after it. The key goes through stdin: arguments are seen by every process.
 *
 * @param {string} secret Base32.
 * @param {number} time Unix time in seconds.
 * @returns {Promise<string[]>}
 */
export function oathtool(secret, time, further = 0) {
  return new Promise((resolve, reject) => {
    const args = ['--totp=sha1', '-b', `-d${DIGITS}`, `-s${PERIOD}`, `-w${further}`, `--now=@${time}`, '-']
    const child = spawn('oathtool', args, { stdio: ['pipe', 'pipe', 'pipe'] })
    let out = ''
    let err = ''
    child.stdout.on('data', (chunk) => (out += chunk))
    child.stderr.on('data', (chunk) => (err += chunk))
    child.on('error', reject)
    child.on('close', (status) => {
      if (status === 0) resolve(out.trim().split('\n'))
      else reject(new Error(`oathtool: ${err.trim() || `status ${status}`}`))
    })
    child.stdin.on('error', () => {}) // It ended before reading: `close` tells why.
    child.stdin.end(`${secret}\n`)
  })
}
