// Programs started for a journey, and their end. Each leads a session of its own, so that everything it started in turn is found
// and ended with it, and nothing else ever is.
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

const leaders = new Set()

/** Starts a program. Its output is kept in `child.said` for the message of a failure. */
export function start(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options, detached: true })
  child.said = ''
  const listen = (chunk) => (child.said = (child.said + chunk).slice(-20_000))
  child.stdout?.on('data', listen)
  child.stderr?.on('data', listen)
  child.failed = new Promise((resolve) => child.once('error', resolve))
  child.ended = new Promise((resolve) => child.once('close', resolve))
  if (child.pid) leaders.add(child.pid)
  return child
}

/** The first line a program prints that matches. */
export function line(child, pattern, stream = child.stdout) {
  return new Promise((resolve, reject) => {
    let text = ''
    stream.on('data', (chunk) => {
      text += chunk
      const found = pattern.exec(text)
      if (found) resolve(found)
    })
    child.failed.then(reject)
    child.ended.then(() => reject(new Error(`${child.spawnfile} ended: ${child.said}`)))
  })
}

/** Ends a program and all it started. */
export async function end(child) {
  if (!child.pid) return
  signal(child.pid, 'SIGTERM')
  const gone = await Promise.race([child.ended.then(() => true), new Promise((resolve) => setTimeout(resolve, 3000, false).unref())])
  signal(child.pid, 'SIGKILL')
  if (!gone) await Promise.race([child.ended, new Promise((resolve) => setTimeout(resolve, 3000).unref())])
  leaders.delete(child.pid)
}

/** The processes of a session we began: `[pid, command]`. */
export function family(session) {
  const found = []
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      const command = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))
      if (Number(fields[3]) === session && fields[0] !== 'Z') found.push([Number(name), command])
    } catch {
      // It ended while we looked.
    }
  }
  return found
}

function signal(session, name) {
  for (const [pid] of family(session)) {
    try {
      process.kill(pid, name)
    } catch {
      // It ended before us.
    }
  }
}

process.once('exit', () => {
  for (const leader of leaders) signal(leader, 'SIGKILL')
})
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(name, () => process.exit(1))
