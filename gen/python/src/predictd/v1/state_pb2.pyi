from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from typing import ClassVar as _ClassVar

DESCRIPTOR: _descriptor.FileDescriptor

class State(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    STATE_UNSPECIFIED: _ClassVar[State]
    STATE_CREATED: _ClassVar[State]
    STATE_QUEUED: _ClassVar[State]
    STATE_STARTING: _ClassVar[State]
    STATE_RUNNING: _ClassVar[State]
    STATE_DEGRADED: _ClassVar[State]
    STATE_RESTARTING: _ClassVar[State]
    STATE_STOPPING: _ClassVar[State]
    STATE_COMPLETED: _ClassVar[State]
    STATE_COMPLETED_WITH_WARNINGS: _ClassVar[State]
    STATE_CANCELLED: _ClassVar[State]
    STATE_FAILED: _ClassVar[State]
    STATE_UNKNOWN: _ClassVar[State]
STATE_UNSPECIFIED: State
STATE_CREATED: State
STATE_QUEUED: State
STATE_STARTING: State
STATE_RUNNING: State
STATE_DEGRADED: State
STATE_RESTARTING: State
STATE_STOPPING: State
STATE_COMPLETED: State
STATE_COMPLETED_WITH_WARNINGS: State
STATE_CANCELLED: State
STATE_FAILED: State
STATE_UNKNOWN: State
