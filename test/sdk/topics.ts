import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Kafka, logLevel } from 'kafkajs';
import { fixturePath } from '../support/fixtures.js';

const READ_DEADLINE_MS = 30_000;

/** What the examples' tasks read and write. */
export interface Topics {
  /** Makes a topic with all rows of the iris data as records, and returns how many those are. */
  fill(topic: string): Promise<number>;
  /** Resolves when `count` committed records could be read from the topic. */
  holds(topic: string, count: number): Promise<void>;
}

/** Topics of a cluster; every call opens its own connection and closes it. */
export function openTopics(brokers: string): Topics {
  const kafka = new Kafka({
    clientId: 'predictd-sdk-test',
    brokers: brokers.split(','),
    logLevel: logLevel.NOTHING,
  });
  return {
    fill: (topic) => fill(kafka, topic),
    holds: (topic, count) => holds(kafka, topic, count),
  };
}

async function fill(kafka: Kafka, topic: string): Promise<number> {
  const { rows }: { rows: number[][] } = JSON.parse(
    await readFile(fixturePath('iris.json'), 'utf8'),
  );
  const admin = kafka.admin();
  const producer = kafka.producer({ idempotent: true });
  await Promise.all([admin.connect(), producer.connect()]);
  try {
    await admin.createTopics({ topics: [{ topic, numPartitions: 2 }], waitForLeaders: true });
    const messages = rows.map((features, row) => ({
      partition: row % 2,
      value: JSON.stringify({ features }),
    }));
    await producer.send({ topic, messages });
    return rows.length;
  } finally {
    await Promise.all([admin.disconnect(), producer.disconnect()]);
  }
}

async function holds(kafka: Kafka, topic: string, count: number): Promise<void> {
  const consumer = kafka.consumer({ groupId: `sdk-${randomBytes(5).toString('hex')}` });
  await consumer.connect();
  let seen = 0;
  let late: NodeJS.Timeout | undefined;
  try {
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      const message = () => `${topic} holds ${seen} records, not ${count}`;
      late = setTimeout(() => reject(new Error(message())), READ_DEADLINE_MS);
      const eachMessage = async () => {
        seen += 1;
        if (seen === count) resolve();
      };
      consumer.run({ autoCommit: false, eachMessage }).catch(reject);
    });
  } finally {
    clearTimeout(late);
    await consumer.disconnect();
  }
}
