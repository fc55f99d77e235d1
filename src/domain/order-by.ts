import { invalidField } from './errors.js';
import { shown } from './names.js';
import type { TaskOrder } from './ports.js';

/** Reads `FIELD`, `FIELD asc` or `FIELD desc`; empty is by name. INVALID_FIELD otherwise. */
export function parseOrderBy(text: string): {
  readonly order: TaskOrder;
  readonly descending: boolean;
} {
  if (text.trim() === '') return { order: 'name', descending: false };
  const [field = '', direction = 'asc', ...more] = text.trim().split(/\s+/);
  const order = Object.hasOwn(orders, field) ? orders[field] : undefined;
  if (!order || more.length > 0 || (direction !== 'asc' && direction !== 'desc')) {
    const known = Object.keys(orders).join(', ');
    const description = `"${shown(text)}" is no order. Use one of ${known}, and after it desc for the reverse.`;
    throw invalidField('order_by', 'INVALID_ORDER', description);
  }
  return { order, descending: direction === 'desc' };
}

const orders: Readonly<Record<string, TaskOrder>> = {
  name: 'name',
  create_time: 'createdAt',
  update_time: 'updatedAt',
};
