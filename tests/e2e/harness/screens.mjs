// Screens without glass: one by Xvfb, or several monitors by Xorg's dummy driver.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { line } from './processes.mjs'

/** One big screen, as most have. */
export const SCREEN = { width: 1600, height: 1000 }

/** Starts one screen and returns its number. */
export async function oneScreen(desktop) {
  const { width, height } = SCREEN
  const server = desktop.launch('Xvfb', ['-displayfd', '3', '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp'], PIPED)
  return number(server)
}

/** Starts a graphics card without a monitor, and returns its number. `arrange` plugs the monitors in. */
export async function graphicsCard(desktop) {
  const file = join(desktop.home, 'xorg.conf')
  writeFileSync(file, CONFIGURATION)
  const log = join(desktop.home, 'xorg.log')
  const server = desktop.launch('Xorg', ['-displayfd', '3', '-config', file, '-logfile', log, '-noreset', '-nolisten', 'tcp'], PIPED)
  return number(server)
}

/**
 * Plugs monitors in and puts them where they belong, all at once; what is not named is unplugged.
 *
 * @param {import('./desktop.mjs').Desktop} desktop
 * @param {{ x: number, y: number, width: number, height: number }[]} monitors The first is the main one unless another says `primary`.
 */
export async function arrange(desktop, monitors) {
  const main = Math.max(0, monitors.findIndex(({ primary }) => primary))
  const settings = []
  for (const [index, { x, y, width, height }] of monitors.entries()) {
    const [output, mode] = [`DUMMY${index}`, `${width}x${height}-here`]
    // One that is known already is refused; it is asked for below all the same.
    await desktop.run('xrandr', ['--newmode', mode, ...timings(width, height)]).catch(() => {})
    await desktop.run('xrandr', ['--addmode', output, mode]).catch(() => {})
    settings.push('--output', output, '--mode', mode, '--pos', `${x}x${y}`, ...(index === main ? ['--primary'] : []))
  }
  for (let index = monitors.length; index < MOST; index += 1) settings.push('--output', `DUMMY${index}`, '--off')
  await desktop.run('xrandr', settings)
}

/** No journey needs more monitors. */
const MOST = 3

const PIPED = { env: process.env, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] }

const CONFIGURATION = `
Section "ServerFlags"
  Option "AutoAddDevices" "false"
  Option "AutoAddGPU" "false"
EndSection
Section "Device"
  Identifier "card"
  Driver "dummy"
  VideoRam 131072
EndSection
Section "Monitor"
  Identifier "monitor"
  HorizSync 5-1000
  VertRefresh 5-200
EndSection
Section "Screen"
  Identifier "screen"
  Device "card"
  Monitor "monitor"
  DefaultDepth 24
  SubSection "Display"
    Depth 24
    Virtual 4096 2304
  EndSubSection
EndSection
`

async function number(server) {
  const [, number] = await line(server, /(\d+)\n/, server.stdio[3])
  return number
}

/** Sixty pictures a second, with blanking nobody sees. */
function timings(width, height) {
  const [across, down] = [width + 160, height + 30]
  const clock = ((across * down * 60) / 1e6).toFixed(2)
  return [clock, width, width + 48, width + 80, across, height, height + 3, height + 9, down].map(String)
}
