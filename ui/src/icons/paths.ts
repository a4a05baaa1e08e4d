/**
 * The icons of the app, drawn on a 24 × 24 grid with a 2-unit stroke, round ends, no fill. One set, one hand: nothing here is
 * fetched or borrowed.
 */
export const paths = {
  plus: 'M12 5v14M5 12h14',
  lock: 'M6.5 11h11a1.5 1.5 0 0 1 1.5 1.5v6a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 5 18.5v-6A1.5 1.5 0 0 1 6.5 11ZM8 11V8a4 4 0 0 1 8 0v3M12 15v1.5',
  sliders: 'M4 7h9M18 7h2M4 17h2M11 17h9M15.5 4.5v5M8.5 14.5v5',
  back: 'M19 12H5M11 6l-6 6 6 6',
  search: 'M11 4.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13ZM16 16l4 4',
  clear: 'M7 7l10 10M17 7 7 17',
  copy: 'M9 9h9.5A1.5 1.5 0 0 1 20 10.5v8a1.5 1.5 0 0 1-1.5 1.5h-8A1.5 1.5 0 0 1 9 18.5ZM15 9V5.5A1.5 1.5 0 0 0 13.5 4h-8A1.5 1.5 0 0 0 4 5.5v8A1.5 1.5 0 0 0 5.5 15H9',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  more: 'M12 5.5v.01M12 12v.01M12 18.5v.01',
  screen: 'M4 5h16v11H4ZM9 20h6M12 16v4M8 9.5V8h1.5M14.5 8H16v1.5M16 11.5V13h-1.5M9.5 13H8v-1.5',
  picture: 'M5 4h14a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1ZM4 16.5l4.5-4.5 4 4 2.5-2.5 5 5M15.5 8.5v.01',
  keyboard: 'M4 6h16a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1ZM7 10v.01M10.3 10v.01M13.7 10v.01M17 10v.01M8 14h8',
  warning: 'M12 4.5 21 19.5H3ZM12 10v4.5M12 17v.01',
  info: 'M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17ZM12 11v5.5M12 7.8v.01',
  pencil: 'M5 19l.9-4L16 4.9l3.1 3.1L9 18.1ZM14 7l3 3',
  up: 'M12 19V6M6.5 11.5 12 6l5.5 5.5',
  down: 'M12 5v13M6.5 12.5 12 18l5.5-5.5',
  trash: 'M5 7h14M9.5 7V4.5h5V7M7 7l.8 12.5h8.4L17 7M10.3 10.5l.3 5.5M13.7 10.5l-.3 5.5',
  next: 'M5 12h13M12.5 6.5 18 12l-5.5 5.5',
  unfold: 'M6.5 9.5 12 15l5.5-5.5',
  enter: 'M9.5 6.5 15 12l-5.5 5.5',
  key: 'M8 11.5a4 4 0 1 1 0 8 4 4 0 0 1 0-8ZM11 12.5 19.5 4M16 7.5l2.5 2.5M13.5 10l1.5 1.5',
  printer: 'M7 9V4.5h10V9M7 17H5.5A1.5 1.5 0 0 1 4 15.5v-5A1.5 1.5 0 0 1 5.5 9h13a1.5 1.5 0 0 1 1.5 1.5v5a1.5 1.5 0 0 1-1.5 1.5H17M7 14h10v5.5H7Z',
  clock: 'M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17ZM12 7.5V12l3 2.5',
  folder: 'M4 7a1.5 1.5 0 0 1 1.5-1.5h4L12 8h6.5A1.5 1.5 0 0 1 20 9.5v7.5a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 17Z',
} as const;

/** The name of an icon. */
export type IconName = keyof typeof paths;
