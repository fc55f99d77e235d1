"""Sums of rows, as a model that MLServer runs. A row with a 13 is refused, one with a 17 makes the model fail."""

import numpy as np
from mlserver import MLModel
from mlserver.codecs import NumpyCodec
from mlserver.errors import InferenceError
from mlserver.types import InferenceResponse


class Sums(MLModel):
    async def load(self) -> bool:
        return True

    async def predict(self, payload):
        rows = NumpyCodec.decode_input(payload.inputs[0])
        if (rows == 13).any():
            raise InferenceError("no thirteen")
        if (rows == 17).any():
            raise ZeroDivisionError("seventeen")
        answer = {"sum": rows.sum(axis=1, dtype=np.float32), "row": rows}
        wanted = [output.name for output in payload.outputs or []] or list(answer)
        outputs = [NumpyCodec.encode_output(name, answer[name]) for name in wanted]
        return InferenceResponse(model_name=self.name, outputs=outputs)
