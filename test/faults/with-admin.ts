import type { Admin } from 'kafkajs';
import type { TestKafka } from '../support/kafka.js';

/** Lends an administrator's connection for some work. */
export async function withAdmin<T>(
  kafka: TestKafka,
  work: (admin: Admin) => Promise<T>,
): Promise<T> {
  const admin = kafka.client().admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}
