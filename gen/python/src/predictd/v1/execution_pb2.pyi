import datetime

from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from predictd.v1 import state_pb2 as _state_pb2
from predictd.v1 import task_pb2 as _task_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Severity(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SEVERITY_UNSPECIFIED: _ClassVar[Severity]
    SEVERITY_INFO: _ClassVar[Severity]
    SEVERITY_WARNING: _ClassVar[Severity]
    SEVERITY_ERROR: _ClassVar[Severity]
SEVERITY_UNSPECIFIED: Severity
SEVERITY_INFO: Severity
SEVERITY_WARNING: Severity
SEVERITY_ERROR: Severity

class Execution(_message.Message):
    __slots__ = ("name", "uid", "id", "number", "state", "reason", "message", "create_time", "start_time", "end_time", "last_error", "counters", "lag", "percent_complete", "restart_count", "last_termination", "epoch", "partitions", "generation", "actor", "spec")
    NAME_FIELD_NUMBER: _ClassVar[int]
    UID_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    LAST_ERROR_FIELD_NUMBER: _ClassVar[int]
    COUNTERS_FIELD_NUMBER: _ClassVar[int]
    LAG_FIELD_NUMBER: _ClassVar[int]
    PERCENT_COMPLETE_FIELD_NUMBER: _ClassVar[int]
    RESTART_COUNT_FIELD_NUMBER: _ClassVar[int]
    LAST_TERMINATION_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    PARTITIONS_FIELD_NUMBER: _ClassVar[int]
    GENERATION_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    SPEC_FIELD_NUMBER: _ClassVar[int]
    name: str
    uid: str
    id: int
    number: int
    state: _state_pb2.State
    reason: str
    message: str
    create_time: _timestamp_pb2.Timestamp
    start_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    last_error: str
    counters: _task_pb2.Counters
    lag: int
    percent_complete: float
    restart_count: int
    last_termination: _task_pb2.Termination
    epoch: int
    partitions: _containers.RepeatedCompositeFieldContainer[_task_pb2.PartitionProgress]
    generation: int
    actor: str
    spec: _task_pb2.TaskSpec
    def __init__(self, name: _Optional[str] = ..., uid: _Optional[str] = ..., id: _Optional[int] = ..., number: _Optional[int] = ..., state: _Optional[_Union[_state_pb2.State, str]] = ..., reason: _Optional[str] = ..., message: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., last_error: _Optional[str] = ..., counters: _Optional[_Union[_task_pb2.Counters, _Mapping]] = ..., lag: _Optional[int] = ..., percent_complete: _Optional[float] = ..., restart_count: _Optional[int] = ..., last_termination: _Optional[_Union[_task_pb2.Termination, _Mapping]] = ..., epoch: _Optional[int] = ..., partitions: _Optional[_Iterable[_Union[_task_pb2.PartitionProgress, _Mapping]]] = ..., generation: _Optional[int] = ..., actor: _Optional[str] = ..., spec: _Optional[_Union[_task_pb2.TaskSpec, _Mapping]] = ...) -> None: ...

class Event(_message.Message):
    __slots__ = ("sequence", "number", "task", "execution", "time", "actor", "reason", "message", "severity", "from_state", "to_state", "epoch")
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    EXECUTION_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    SEVERITY_FIELD_NUMBER: _ClassVar[int]
    FROM_STATE_FIELD_NUMBER: _ClassVar[int]
    TO_STATE_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    number: int
    task: str
    execution: str
    time: _timestamp_pb2.Timestamp
    actor: str
    reason: str
    message: str
    severity: Severity
    from_state: _state_pb2.State
    to_state: _state_pb2.State
    epoch: int
    def __init__(self, sequence: _Optional[int] = ..., number: _Optional[int] = ..., task: _Optional[str] = ..., execution: _Optional[str] = ..., time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., message: _Optional[str] = ..., severity: _Optional[_Union[Severity, str]] = ..., from_state: _Optional[_Union[_state_pb2.State, str]] = ..., to_state: _Optional[_Union[_state_pb2.State, str]] = ..., epoch: _Optional[int] = ...) -> None: ...
