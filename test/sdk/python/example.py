"""The main job from Python: upload a model, run a task, follow it over a broken connection."""

import os

# snippet: imports
import uuid
from collections.abc import Iterator
from pathlib import Path

import grpc
from google.api.httpbody_pb2 import HttpBody
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo
from grpc_status import rpc_status
from predictd.v1.execution_pb2 import Event
from predictd.v1.model_service_pb2 import Model, UploadModelRequest
from predictd.v1.model_service_pb2_grpc import ModelServiceStub
from predictd.v1.state_pb2 import State
from predictd.v1.task_pb2 import (
    UNTIL_END,
    UNTIL_STOPPED,
    OnnxPredictor,
    Predictor,
    Sink,
    Source,
    Task,
    TaskSpec,
    Until,
)
from predictd.v1.task_service_pb2 import (
    CreateTaskRequest,
    StartTaskRequest,
    StopTaskRequest,
    WatchTasksRequest,
)
from predictd.v1.task_service_pb2_grpc import TaskServiceStub

CHUNK_BYTES = 1 << 20
# end

address = os.environ["PREDICTD_URL"].removeprefix("http://")
token = os.environ["PREDICTD_TOKEN"]
source = os.environ["EXAMPLE_SOURCE"]
sink = os.environ["EXAMPLE_SINK"]
model_file = os.environ["EXAMPLE_MODEL"]
task_id = os.environ["EXAMPLE_TASK"]

# snippet: connect
channel = grpc.insecure_channel(address)
tasks = TaskServiceStub(channel)
models = ModelServiceStub(channel)
auth = (("authorization", f"Bearer {token}"),)
# end


# snippet: upload
def upload(model_id: str, path: str) -> Model:
    data = Path(path).read_bytes()

    def parts() -> Iterator[UploadModelRequest]:
        yield UploadModelRequest(parent="users/me", model_id=model_id)
        for start in range(0, len(data), CHUNK_BYTES):
            chunk = data[start : start + CHUNK_BYTES]
            yield UploadModelRequest(content=HttpBody(data=chunk))

    return models.UploadModel(parts(), metadata=auth)
# end


# snippet: create
def create(task_id: str, model_id: str, sink: str, until: Until) -> Task:
    spec = TaskSpec(
        source=Source(topic=source),
        sink=Sink(topic=sink),
        predictor=Predictor(onnx=OnnxPredictor(model=model_id)),
        until=until,
    )
    # The request id makes the call safe to repeat.
    request = CreateTaskRequest(
        parent="users/me", task_id=task_id, task=Task(spec=spec), request_id=str(uuid.uuid4())
    )
    return tasks.CreateTask(request, metadata=auth)
# end


# snippet: start
def start(name: str) -> str:
    execution = tasks.StartTask(StartTaskRequest(name=name), metadata=auth)
    return execution.name
# end


def newest_sequence(name: str) -> int:
    """Where the history is now: a watch that is given up when its snapshot is complete."""
    call = tasks.WatchTasks(WatchTasksRequest(name=name), metadata=auth)
    for answer in call:
        if answer.HasField("snapshot_end"):
            call.cancel()
            return answer.sequence
    raise RuntimeError("the watch ended within its snapshot")


# snippet: watch
def watch(name: str, sequence: int) -> Iterator[Event]:
    """Every change after `sequence`, whatever happens to the connection."""
    while True:
        request = WatchTasksRequest(name=name, after_sequence=sequence)
        try:
            # wait_for_ready: gRPC itself waits until the service is there again.
            for answer in tasks.WatchTasks(request, metadata=auth, wait_for_ready=True):
                sequence = answer.sequence
                if answer.change.HasField("event"):
                    yield answer.change.event
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.UNAVAILABLE:
                raise
            print("interrupted", flush=True)
# end


# snippet: stop
def stop(name: str) -> str:
    task = tasks.StopTask(StopTaskRequest(name=name), metadata=auth)
    return State.Name(task.status.state)
# end


# snippet: error
def explain(error: grpc.RpcError) -> None:
    status = rpc_status.from_call(error)
    for detail in status.details if status else ():
        info, bad = ErrorInfo(), BadRequest()
        if detail.Unpack(info):
            print("refused", info.reason, info.domain)
        if detail.Unpack(bad):
            for violation in bad.field_violations:
                print("violation", violation.field, violation.reason)
# end


def main() -> None:
    print("uploaded", upload(task_id, model_file).name)
    try:
        create("bad", task_id, sink=source, until=UNTIL_END)
    except grpc.RpcError as error:
        explain(error)
    task = create(task_id, task_id, sink, UNTIL_END)
    sequence = newest_sequence(task.name)
    print("started", start(task.name), flush=True)
    for event in watch(task.name, sequence):
        print("change", event.number, event.reason, flush=True)
        if event.to_state == State.STATE_COMPLETED:
            break
    endless = create(f"{task_id}-endless", task_id, f"{sink}-endless", UNTIL_STOPPED)
    start(endless.name)
    print("stopped", stop(endless.name))


if __name__ == "__main__":
    main()
