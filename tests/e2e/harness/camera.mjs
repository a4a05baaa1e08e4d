// A camera for the app: a file is what it sees (../camera/video0.c).
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { VARIANTS, qrImage } from '../../portal/qr.mjs'
import { until } from './poll.mjs'

const SOURCE = fileURLToPath(new URL('../camera/video0.c', import.meta.url))
const [WIDTH, HEIGHT] = [1280, 720]
/** A sheet of paper as it is held: not quite straight, not quite white, and smaller than the picture. */
const HELD = ['-filter', 'triangle', '-resize', '420x420', '-background', 'grey62', '-virtual-pixel', 'background', '-rotate', '8', '-level', '-20%,110%', '-gravity', 'center', '-extent', `${WIDTH}x${HEIGHT}`]

/** Whether this machine has a camera of its own: then nothing can be said about one without. */
export const HAS_CAMERA = readdirSync('/dev').some((name) => /^video\d/.test(name))

export class PaperCamera {
  #desktop
  #file
  #log

  /** Gives the programs that are started on this desktop from now on a camera. */
  static async plugIn(desktop) {
    const camera = new PaperCamera()
    camera.#desktop = desktop
    camera.#file = join(desktop.home, 'camera-frame')
    camera.#log = join(desktop.home, 'camera-log')
    const library = join(desktop.home, 'video0.so')
    await desktop.run('cc', ['-shared', '-fPIC', '-O1', '-o', library, SOURCE, '-ldl'])
    desktop.own(camera.#file)
    Object.assign(desktop.env, { LD_PRELOAD: library, WARIFU_CAMERA: camera.#file, WARIFU_CAMERA_LOG: camera.#log })
    await camera.sees(null)
    return camera
  }

  /** Holds a sheet of paper with this text as a code before it, or none. `kind` is how it hands frames over, `blur` how far it is out of focus. */
  async sees(text, { kind = 'yuyv', blur = 1 } = {}) {
    const picture = join(this.#desktop.home, 'camera-paper.png')
    const next = `${this.#file}.next`
    const bytes = text === null ? null : Buffer.from(qrImage(text, VARIANTS.plain).uri.replace('data:image/png;base64,', ''), 'base64')
    if (bytes) writeFileSync(picture, bytes)
    const paper = bytes ? [picture, ...HELD, '-blur', `0x${blur}`] : ['-size', `${WIDTH}x${HEIGHT}`, 'xc:grey62']
    if (kind === 'jpeg') await this.#desktop.run('convert', [...paper, '-quality', '80', `jpeg:${next}`])
    else {
      const grey = `${this.#file}.grey`
      await this.#desktop.run('convert', [...paper, '-colorspace', 'Gray', '-depth', '8', `gray:${grey}`])
      writeFileSync(next, yuyv(readFileSync(grey)))
      rmSync(grey)
    }
    rmSync(picture, { force: true })
    // At once, as nobody sees half a sheet.
    renameSync(next, this.#file)
  }

  /** A frame that is none, whatever comes after it. */
  seesNothingButNoise() {
    writeFileSync(`${this.#file}.next`, 'not a frame')
    renameSync(`${this.#file}.next`, this.#file)
  }

  unplug() {
    rmSync(this.#file)
  }

  /** Opening it fails with this number of the system; with none it works again. */
  fails(number) {
    if (number) writeFileSync(`${this.#file}.errno`, String(number))
    else rmSync(`${this.#file}.errno`)
  }

  /** What was done with it, in words: open, on, off, close. */
  get log() {
    return existsSync(this.#log) ? readFileSync(this.#log, 'utf8').split('\n').filter(Boolean) : []
  }

  async isOff() {
    await until('the camera switched off', () => this.log.at(-1) === 'close')
  }
}

/** Grey pixels as a camera hands them over. */
function yuyv(grey) {
  if (grey.length !== WIDTH * HEIGHT) throw new Error(`${grey.length} pixels`)
  const bytes = Buffer.alloc(grey.length * 2, 128)
  for (let at = 0; at < grey.length; at += 1) bytes[at * 2] = 16 + Math.round((grey[at] * 219) / 255)
  return bytes
}
