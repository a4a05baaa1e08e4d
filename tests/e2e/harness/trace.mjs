// What strace saw of the network.
import { readFileSync } from 'node:fs'

/** The calls traced. */
export const CALLS = 'trace=socket,connect,bind,listen,sendto,sendmsg,sendmmsg'

/**
 * Every call that opens, or sends through, an internet socket, as strace wrote it.
 *
 * `automation` is the one port that is WebDriver's doing: a WebKit that is being driven listens there on 127.0.0.1, because the driver
 * asked for it in WEBKIT_INSPECTOR_SERVER, and the page's process reports to the window's process through it. Calls to exactly that
 * address, and as many sockets as they need, are left out. Without `automation` nothing is.
 */
export function internetCalls(file, automation = null) {
  const calls = readFileSync(file, 'utf8').split('\n').filter((call) => /\bAF_(INET6?|PACKET)\b/.test(call))
  if (automation === null) return calls
  const address = `sin_port=htons(${automation}), sin_addr=inet_addr("127.0.0.1")`
  const excused = calls.filter((call) => call.includes(address))
  const others = calls.filter((call) => !excused.includes(call))
  const needed = excused.filter((call) => /\b(bind|connect)\(/.test(call)).length
  const sockets = others.filter((call) => /\bsocket\(AF_INET, SOCK_STREAM/.test(call))
  return sockets.length <= needed ? others.filter((call) => !sockets.includes(call)) : others
}

/** How many calls there are in all: a trace of nothing proves nothing. */
export function callCount(file) {
  return readFileSync(file, 'utf8').split('\n').filter((call) => /\b(socket|connect)\(/.test(call)).length
}
