// The sentences the app ships, to be found again on its pages.
import { readFileSync } from 'node:fs'
import { literal } from './poll.mjs'

/** What an error, or with `from` another text of the pages, says in a language, as a pattern: `{placeholders}` stand for whatever was filled in. */
export function sentence(code, language, from = 'errors') {
  const file = new URL(`../../../ui/src/messages/${from}.${language}.json`, import.meta.url)
  const text = JSON.parse(readFileSync(file, 'utf8'))[code]
  if (text === undefined) throw new Error(`no sentence for ${code} in ${language}`)
  const parts = text.split(/\{\w+\}/).map(literal)
  return new RegExp(parts.join('[^。]*'))
}
