// What is in the memory of processes, told by a program that reads all of it (`tests/memory/`), and which keys a vault brings forth,
// told by the reader that is not ours (`docs/decrypt.py`).
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PROGRAM } from './app.mjs'

/** `cargo test` builds it with the other examples. */
const SEARCH = join(dirname(PROGRAM), 'examples', 'memory-search')
const KEYS = fileURLToPath(new URL('../../memory/keys.py', import.meta.url))
const PYTHON = process.env.WARIFU_PYTHON ?? fileURLToPath(new URL('../../../target/python/bin/python', import.meta.url))

/** The app keeps everyone but root out of its memory. */
const AS_ROOT = process.getuid() === 0 ? [] : ['sudo', '-n']

/** Why memory cannot be searched here; nothing if it can. */
export async function whyNot() {
  if (!existsSync(SEARCH)) throw new Error(`there is no ${SEARCH}: cargo build --package warifu --examples`)
  const root = await run([...AS_ROOT, 'true']).then(() => true, () => false)
  return root ? null : 'reading the memory of other processes needs root, or sudo that asks nothing'
}

/** Text that is nowhere else. */
export const canary = (length) => Array.from(randomBytes(length), (byte) => 'abcdefghijkmnpqrstuvwxyz23456789'[byte & 31]).join('')

/** A key for an account that is nowhere else, as sites print it. */
export const canaryKey = () => Array.from(randomBytes(32), (byte) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[byte & 31]).join('')

/** The keys that opening the vault brings forth, as needles. */
export async function keysOf(vault, password) {
  const found = await run([PYTHON, KEYS, vault], `${password}\n`)
  return found.trim().split('\n')
}

/**
 * Stops the processes where they are, searches them, and lets them go on: what is found is what was there at that moment.
 *
 * @param {[number, string][]} processes
 * @param {string[]} needles Lines of name, kind and value.
 * @returns {Promise<{ found: object[], searched: object[] }>}
 */
export async function search(processes, needles) {
  const signal = (name) => processes.forEach(([pid]) => process.kill(pid, name))
  signal('SIGSTOP')
  try {
    const said = await run([...AS_ROOT, SEARCH, ...processes.map(([pid]) => String(pid))], `${needles.join('\n')}\n`)
    const rows = said.trim().split('\n').map((line) => JSON.parse(line))
    return { found: rows.filter((row) => row.needle), searched: rows.filter((row) => !row.needle) }
  } finally {
    signal('SIGCONT')
  }
}

/** One line for each thing found, for people. */
export function told(found) {
  return found.map(({ process, needle, spelling, part, place, count }) => `${process}: ${needle}, ${spelling}, ${part}, ${count} times in ${place || 'anonymous memory'}`)
}

/** Runs a program and gives it something to read. */
function run([command, ...args], input = '') {
  return new Promise((resolve, reject) => {
    const child = execFile(command, args, { maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${command} ended with ${error.code}: ${stderr}`))
      else resolve(stdout)
    })
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}
