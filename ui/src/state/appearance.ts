import type { Language, SettingsView, Theme } from '../ipc/bindings';
import { speech } from './words.svelte';

const night = window.matchMedia('(prefers-color-scheme: dark)');
let chosen: Theme = 'system';

function paint(): void {
  const dark = chosen === 'dark' || (chosen === 'system' && night.matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
}

night.addEventListener('change', paint);
paint();

/** Sets language and colours of the page: as chosen, or as the system has them. */
export function applyAppearance(settings: Pick<SettingsView, 'language' | 'theme'>, system: Language): void {
  const language = settings.language === 'system' ? system : settings.language;
  speech.tongue = language === 'en' ? 'en' : 'ja';
  chosen = settings.theme;
  paint();
}
