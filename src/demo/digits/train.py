"""Trains the demo's model and writes it with its held-out data beside this file.

    python3 -m venv /tmp/digits && /tmp/digits/bin/pip install -r requirements.txt && /tmp/digits/bin/python train.py

Data: the UCI optical recognition of handwritten digits, as bundled with scikit-learn: 1797 images of 8 x 8 pixels
with values from 0 to 16. A quarter of them, chosen with a fixed seed, never meets the training and is what the demo
streams:
  digits.onnx      input `features` [N, 64]; outputs `label` [N] int64 and `probabilities` [N, 10]
  held-out.jsonl   one record a line: {"id": row of the data set, "features": [64 numbers]}
  labels.json      {"id": true digit}
"""

import json
from pathlib import Path

import numpy as np
import onnxruntime
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

SEED = 7
HERE = Path(__file__).parent


def main():
    features, digits = load_digits(return_X_y=True)
    rows = np.arange(len(digits))
    train, held_out = train_test_split(rows, test_size=0.25, random_state=SEED, stratify=digits)
    model = make_pipeline(StandardScaler(), MLPClassifier((64,), max_iter=400, random_state=SEED))
    model.fit(features[train], digits[train])

    onnx = to_onnx(
        model,
        initial_types=[("features", FloatTensorType([None, features.shape[1]]))],
        options={"zipmap": False},
        target_opset={"": 18, "ai.onnx.ml": 3},
    )
    (HERE / "digits.onnx").write_bytes(onnx.SerializeToString())

    with open(HERE / "held-out.jsonl", "w") as out:
        for row in held_out:
            record = {"id": int(row), "features": [int(pixel) for pixel in features[row]]}
            out.write(json.dumps(record, separators=(",", ":")) + "\n")
    labels = {str(row): int(digits[row]) for row in held_out}
    (HERE / "labels.json").write_text(json.dumps(labels, separators=(",", ":")) + "\n")

    session = onnxruntime.InferenceSession(onnx.SerializeToString())
    predicted = session.run(["label"], {"features": features[held_out].astype(np.float32)})[0]
    print(f"{len(held_out)} held-out rows, accuracy {np.mean(predicted == digits[held_out]):.4f}")


main()
