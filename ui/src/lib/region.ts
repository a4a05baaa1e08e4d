import type { RegionRequest } from '../ipc/bindings';

/** A point or size on the page, in CSS pixels. */
export interface Point {
  x: number;
  y: number;
}

/** Where the frozen picture lies on the page, in CSS pixels. */
export interface Place {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** A box smaller than this on both sides was a click with a trembling hand, not a drag (CSS pixels). */
export const SMALLEST_DRAG = 8;

/** Whether the pointer has gone far enough to mean a box. */
export function isDrag(from: Point, to: Point): boolean {
  return Math.abs(to.x - from.x) >= SMALLEST_DRAG || Math.abs(to.y - from.y) >= SMALLEST_DRAG;
}

/** The box between two points, in any direction. */
export function boxBetween(from: Point, to: Point): Place {
  return {
    left: Math.min(from.x, to.x),
    top: Math.min(from.y, to.y),
    width: Math.abs(to.x - from.x),
    height: Math.abs(to.y - from.y),
  };
}

/** What a desktop may take from a window for itself and yet show the picture pixel for pixel (CSS pixels). */
const NEARLY = 2;

/**
 * Where the frozen picture is drawn in a window: pixel for pixel if the window has its size; otherwise whole, as large as it fits, in the
 * middle. On Wayland one window may show several monitors, or a picture in another scale than its own.
 */
export function fit(width: number, height: number, window: { width: number; height: number; ratio: number }): Place {
  const [own, tall] = [width / window.ratio, height / window.ratio];
  if (Math.abs(own - window.width) <= NEARLY && Math.abs(tall - window.height) <= NEARLY) return { left: 0, top: 0, width: own, height: tall };
  const scale = Math.min(window.width / width, window.height / height);
  const place = { width: width * scale, height: height * scale };
  return { left: (window.width - place.width) / 2, top: (window.height - place.height) / 2, ...place };
}

/**
 * The box in the picture's own pixels, rounded outwards and cut off at its edges; null when nothing is left. By the ratio of the
 * picture to the place it is drawn in: the device pixel ratio lies on scaled monitors.
 */
export function toPicture(box: Place, place: Place, width: number, height: number): RegionRequest | null {
  if (place.width <= 0 || place.height <= 0) return null;
  const across = width / place.width;
  const down = height / place.height;
  const clamp = (value: number, limit: number) => Math.min(limit, Math.max(0, value));
  const x = clamp(Math.floor((box.left - place.left) * across), width);
  const y = clamp(Math.floor((box.top - place.top) * down), height);
  const right = clamp(Math.ceil((box.left + box.width - place.left) * across), width);
  const bottom = clamp(Math.ceil((box.top + box.height - place.top) * down), height);
  return right > x && bottom > y ? { x, y, width: right - x, height: bottom - y } : null;
}

/** The upright box around four corners, grown by `margin` (a share of its longer side). */
export function around(corners: readonly (readonly [number, number])[], margin: number): Place {
  const xs = corners.map((corner) => corner[0]);
  const ys = corners.map((corner) => corner[1]);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [width, height] = [Math.max(...xs) - left, Math.max(...ys) - top];
  const grow = Math.max(width, height) * margin;
  return { left: left - grow, top: top - grow, width: width + 2 * grow, height: height + 2 * grow };
}

/** Where a card covers least of what is not to be covered: at the bottom, at the top or half way, in the middle or at a side. The first of the best. */
export function freest(card: { width: number; height: number }, page: { width: number; height: number }, taken: readonly Place[], margin: number): Point {
  const [right, bottom] = [page.width - card.width - margin, page.height - card.height - margin];
  const middle = (page.width - card.width) / 2;
  const spots = [bottom, margin, (page.height - card.height) / 2].flatMap((y) => [middle, margin, right].map((x) => ({ x: Math.max(0, x), y: Math.max(0, y) })));
  const shared = (from: number, to: number, otherFrom: number, otherTo: number) => Math.max(0, Math.min(to, otherTo) - Math.max(from, otherFrom));
  const covered = ({ x, y }: Point) =>
    taken.reduce((sum, { left, top, width, height }) => sum + shared(x, x + card.width, left, left + width) * shared(y, y + card.height, top, top + height), 0);
  return spots.reduce((best, spot) => (covered(spot) < covered(best) ? spot : best));
}
