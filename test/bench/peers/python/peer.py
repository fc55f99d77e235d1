"""What a Python user would write: librdkafka, orjson, numpy and ONNX Runtime, exactly once.

    peer.py BROKERS SOURCE SINK MODEL COUNT MAX_WAIT_SECONDS FORMAT

Predicts COUNT records and ends; with 0 it goes on until it is killed. FORMAT is JSON or FLOAT32. Prints `first MS` when it has its first record and
`last MS` after its last commit, in milliseconds since 1970.
"""

import sys
import time
import uuid

import numpy as np
import onnxruntime
import orjson
from confluent_kafka import Consumer, Producer

BATCH_RECORDS = 4000


def main(brokers, source, sink, model_path, count, max_wait, parse, write):
    model, feature_input = load_model(model_path)
    name = f"python-{uuid.uuid4()}"
    consumer = Consumer(
        {
            "bootstrap.servers": brokers,
            "group.id": name,
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
            "fetch.min.bytes": 1,
        }
    )
    producer = Producer(
        {
            "bootstrap.servers": brokers,
            "transactional.id": name,
            "linger.ms": 5,
            "batch.num.messages": 10_000,
            "queue.buffering.max.messages": 2_000_000,
        }
    )
    consumer.subscribe([source])
    producer.init_transactions()
    done = 0
    while count == 0 or done < count:
        messages = consumer.consume(BATCH_RECORDS, max_wait)
        if not messages:
            continue
        if done == 0:
            tell("first")
        rows = parse([m.value() for m in messages])
        values = write(*model.run(None, {feature_input: rows}))
        producer.begin_transaction()
        for message, value in zip(messages, values):
            producer.produce(sink, key=message.key(), value=value)
        offsets = consumer.position(consumer.assignment())
        producer.send_offsets_to_transaction(offsets, consumer.consumer_group_metadata())
        producer.commit_transaction()
        done += len(messages)
    tell("last")


def parse_json(values):
    return np.array([orjson.loads(value)["features"] for value in values], dtype=np.float32)


def parse_float32(values):
    return np.frombuffer(b"".join(values), dtype="<f4").reshape(len(values), -1)


def write_json(labels, probabilities):
    for label, row in zip(labels.tolist(), probabilities.tolist()):
        yield orjson.dumps({"label": label, "probabilities": row})


def write_float32(_, probabilities):
    return (row.tobytes() for row in probabilities.astype("<f4", copy=False))


def load_model(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    model = onnxruntime.InferenceSession(path, options)
    return model, model.get_inputs()[0].name


def tell(what):
    print(what, time.time() * 1000, flush=True)


if __name__ == "__main__":
    formats = {"JSON": (parse_json, write_json), "FLOAT32": (parse_float32, write_float32)}
    main(*sys.argv[1:5], int(sys.argv[5]), float(sys.argv[6]), *formats[sys.argv[7]])
