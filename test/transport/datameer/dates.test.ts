import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDates } from '../../../src/transport/datameer/dates.js';

test('D8: times have an English month, no padding of day and hour, and plain spaces', () => {
  const { medium } = createDates('UTC');
  assert.equal(medium(Date.UTC(2018, 8, 28, 18, 44, 56)), 'Sep 28, 2018 6:44:56 PM');
  assert.equal(medium(Date.UTC(2018, 8, 28, 10, 9, 47)), 'Sep 28, 2018 10:09:47 AM');
  assert.equal(medium(Date.UTC(2013, 0, 3, 0, 0, 1)), 'Jan 3, 2013 12:00:01 AM');
  assert.equal(medium(Date.UTC(2013, 11, 31, 12, 0, 0)), 'Dec 31, 2013 12:00:00 PM');
  for (let month = 0; month < 12; month += 1) {
    const form = /^[A-Z][a-z]{2} \d{1,2}, \d{4} \d{1,2}:\d{2}:\d{2} [AP]M$/;
    assert.match(medium(Date.UTC(2026, month, month + 1, 2 * month, 0, 9)), form);
  }
});

test('D21: older times have a fraction of at least one digit and no needless zeros', () => {
  const { timestamp } = createDates('UTC');
  assert.equal(timestamp(Date.UTC(2012, 6, 6, 18, 19, 9)), '2012-07-06 18:19:09.0');
  assert.equal(timestamp(Date.UTC(2011, 4, 19, 0, 35, 39, 120)), '2011-05-19 00:35:39.12');
  assert.equal(timestamp(Date.UTC(2011, 4, 19, 22, 35, 39, 7)), '2011-05-19 22:35:39.007');
  assert.equal(timestamp(Date.UTC(2011, 4, 19, 22, 35, 39, 500)), '2011-05-19 22:35:39.5');
});

test('times are those of the zone, in summer and in winter', () => {
  const { medium, timestamp } = createDates('Europe/Berlin');
  assert.equal(medium(Date.UTC(2026, 0, 1, 23, 30)), 'Jan 2, 2026 12:30:00 AM');
  assert.equal(medium(Date.UTC(2026, 6, 1, 23, 30)), 'Jul 2, 2026 1:30:00 AM');
  assert.equal(timestamp(Date.UTC(2025, 11, 31, 23, 0)), '2026-01-01 00:00:00.0');
  assert.throws(() => createDates('Nowhere/Town'), RangeError);
});
