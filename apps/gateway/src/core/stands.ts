import { FINAL_ORDER_STATES, type Opportunity, type Order, type Position } from '@parallax/types';
import type { AlertView } from './views.js';

/** What stands now, however long ago it was first told: lists that hold a bounded past never drop it for something newer that is over. */
export const alertStands = ({ resolved, lapsedAtUs }: Pick<AlertView, 'resolved' | 'lapsedAtUs'>): boolean => !resolved && lapsedAtUs === null;
export const isOpen = ({ state }: Pick<Opportunity, 'state'>): boolean => state !== 'closed';
export const isUnderWay = ({ state }: Pick<Order, 'state'>): boolean => !FINAL_ORDER_STATES.includes(state);
export const isHeld = ({ size }: Pick<Position, 'size'>): boolean => Number(size) !== 0;
