/** States in colour; picture and word stand beside it. */
export type BadgeTone = 'ok' | 'attention' | 'late' | 'stopped' | 'offline' | 'plain';
