import type { AuditEntry } from '@parallax/types';
import { make, setClass, setText, type Row } from '../dom.js';
import type { Alert } from '../entities.js';
import { age, momentOf } from '../format.js';

const TONES = { info: 'quiet', warning: 'warn', critical: 'bad' } as const;
const RANK = { critical: 0, warning: 1, info: 2 } as const;

/** What stands, the most severe first, then the newest; and what is over, the latest end first. */
export function alertLists(alerts: readonly Alert[]): { standing: Alert[]; past: Alert[] } {
  const stands = ({ resolved, lapsedAtUs }: Alert): boolean => !resolved && lapsedAtUs === null;
  return {
    standing: alerts.filter(stands).sort((a, b) => RANK[a.severity] - RANK[b.severity] || b.sinceUs - a.sinceUs),
    past: alerts.filter((alert) => !stands(alert)).sort((a, b) => endOf(b) - endOf(a)),
  };
}

const endOf = ({ lapsedAtUs, atUs }: Alert): number => lapsedAtUs ?? atUs;

function line(): { element: HTMLElement; tag: HTMLElement; text: HTMLElement; time: HTMLElement } {
  const tag = make('span', 'tag');
  const text = make('span', 'grow wrap');
  const time = make('span', 'number dim');
  return { element: make('li', 'line', tag, text, time), tag, text, time };
}

export function standingRow(): Row<Alert> {
  const { element, tag, text, time } = line();
  return {
    element,
    update: ({ severity, summary, sinceUs }) => {
      setText(tag, severity);
      setClass(tag, `tag ${TONES[severity]}`);
      setText(text, summary);
      setText(time, `since ${momentOf(sinceUs)}`);
    },
  };
}

export function pastRow(): Row<Alert> {
  const { element, tag, text, time } = line();
  element.classList.add('past');
  return {
    element,
    update: (alert) => {
      const { lapsedAtUs, summary, sinceUs } = alert;
      setText(tag, lapsedAtUs === null ? 'over' : 'not told');
      setClass(tag, `tag ${lapsedAtUs === null ? 'good' : 'warn'}`);
      setText(text, lapsedAtUs === null ? summary : `${summary}; monitoring told it last at the end given, and never that it is over`);
      setText(time, `${momentOf(sinceUs)} to ${momentOf(endOf(alert))}, ${age(endOf(alert) - sinceUs)}`);
    },
  };
}

export function auditRow(): Row<AuditEntry> {
  const { element, tag, text, time } = line();
  return {
    element,
    update: ({ action, who, why, account, atUs }) => {
      setText(tag, action);
      setClass(tag, `tag ${action === 'halt' ? 'bad' : 'good'}`);
      setText(text, `${who}${account === null ? '' : `, account ${account}`}: ${why}`);
      setText(time, momentOf(atUs));
    },
  };
}
