import type { ErrorCode, NoticeView } from '../ipc/bindings';

/** These ask for a decision, or something may be lost if nobody acts. */
const WEIGHTY: readonly ErrorCode[] = ['vault_rolled_back', 'vault_conflict_copy', 'backup_not_written'];
/** These only tell, or invite. */
const CALM: readonly ErrorCode[] = ['rehearsal_due', 'recovery_key_advised', 'vault_merged', 'ways_in_changed', 'save_completed'];

/** Notices as they should be read: the weighty first, otherwise as Rust told them. */
export function byWeight(notices: readonly NoticeView[]): NoticeView[] {
  const weight = ({ code }: NoticeView) => (WEIGHTY.includes(code) ? 0 : 1);
  return [...notices].sort((one, other) => weight(one) - weight(other));
}

/** Whether nothing has to be done about it. */
export function isCalm({ code }: NoticeView): boolean {
  return CALM.includes(code);
}
