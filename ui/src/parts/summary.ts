import type { Kind } from '../ipc/bindings';
import { t } from '../state/words.svelte';

/** What is folded away under "details", in one line. */
export function summary(kind: Kind, digits: number | string, period: number | string | null): string {
  return [t(`kind_${kind}`), kind !== 'steam' && t('digits_value', { digits }), kind === 'totp' && period !== null && t('period_value', { period })]
    .filter(Boolean)
    .join(' · ');
}
