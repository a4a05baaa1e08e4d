// Waiting for a fact, never for a while.

/** The longest any wait lasts. Generous: a loaded machine is slow, and only a failing test pays it. */
export const LIMIT_MS = 60_000

const PAUSE_MS = 100

/**
 * Asks again until the answer is truthy, and returns it. A throw counts as "not yet".
 *
 * @template T
 * @param {string} what What is waited for, for the message of a failure.
 * @param {() => T | Promise<T>} ask
 * @returns {Promise<T>}
 */
export async function until(what, ask, limit = LIMIT_MS) {
  const end = Date.now() + limit
  let last
  for (;;) {
    try {
      const answer = await ask()
      if (answer) return answer
      last = undefined
    } catch (error) {
      last = error
    }
    if (Date.now() > end) throw new Error(`waited ${limit / 1000} s in vain for ${what}`, { cause: last })
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
}

/** A text as a pattern that matches just it. */
export const literal = (text) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
