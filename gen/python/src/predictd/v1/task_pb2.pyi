import datetime

from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from predictd.v1 import state_pb2 as _state_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Format(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FORMAT_UNSPECIFIED: _ClassVar[Format]
    FORMAT_JSON: _ClassVar[Format]
    FORMAT_AVRO: _ClassVar[Format]
    FORMAT_FLOAT32: _ClassVar[Format]

class StartFrom(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    START_FROM_UNSPECIFIED: _ClassVar[StartFrom]
    START_FROM_EARLIEST: _ClassVar[StartFrom]
    START_FROM_LATEST: _ClassVar[StartFrom]

class Until(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    UNTIL_UNSPECIFIED: _ClassVar[Until]
    UNTIL_STOPPED: _ClassVar[Until]
    UNTIL_END: _ClassVar[Until]

class Guarantee(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    GUARANTEE_UNSPECIFIED: _ClassVar[Guarantee]
    GUARANTEE_EXACTLY_ONCE: _ClassVar[Guarantee]
    GUARANTEE_AT_LEAST_ONCE: _ClassVar[Guarantee]

class BadRecordPolicy(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    BAD_RECORD_POLICY_UNSPECIFIED: _ClassVar[BadRecordPolicy]
    BAD_RECORD_POLICY_DEAD_LETTER: _ClassVar[BadRecordPolicy]
    BAD_RECORD_POLICY_SKIP: _ClassVar[BadRecordPolicy]
    BAD_RECORD_POLICY_FAIL: _ClassVar[BadRecordPolicy]

class SaslMechanism(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SASL_MECHANISM_UNSPECIFIED: _ClassVar[SaslMechanism]
    SASL_MECHANISM_PLAIN: _ClassVar[SaslMechanism]
    SASL_MECHANISM_SCRAM_SHA_256: _ClassVar[SaslMechanism]
    SASL_MECHANISM_SCRAM_SHA_512: _ClassVar[SaslMechanism]

class DesiredState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DESIRED_STATE_UNSPECIFIED: _ClassVar[DesiredState]
    DESIRED_STATE_STARTED: _ClassVar[DesiredState]
    DESIRED_STATE_STOPPED: _ClassVar[DesiredState]

class ModelUse(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MODEL_USE_UNSPECIFIED: _ClassVar[ModelUse]
    MODEL_USE_SWAP: _ClassVar[ModelUse]
    MODEL_USE_SHADOW: _ClassVar[ModelUse]

class ModelUpdateState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MODEL_UPDATE_STATE_UNSPECIFIED: _ClassVar[ModelUpdateState]
    MODEL_UPDATE_STATE_LOADING: _ClassVar[ModelUpdateState]
    MODEL_UPDATE_STATE_BLOCKED: _ClassVar[ModelUpdateState]

class ConditionStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CONDITION_STATUS_UNSPECIFIED: _ClassVar[ConditionStatus]
    CONDITION_STATUS_TRUE: _ClassVar[ConditionStatus]
    CONDITION_STATUS_FALSE: _ClassVar[ConditionStatus]
    CONDITION_STATUS_UNKNOWN: _ClassVar[ConditionStatus]
FORMAT_UNSPECIFIED: Format
FORMAT_JSON: Format
FORMAT_AVRO: Format
FORMAT_FLOAT32: Format
START_FROM_UNSPECIFIED: StartFrom
START_FROM_EARLIEST: StartFrom
START_FROM_LATEST: StartFrom
UNTIL_UNSPECIFIED: Until
UNTIL_STOPPED: Until
UNTIL_END: Until
GUARANTEE_UNSPECIFIED: Guarantee
GUARANTEE_EXACTLY_ONCE: Guarantee
GUARANTEE_AT_LEAST_ONCE: Guarantee
BAD_RECORD_POLICY_UNSPECIFIED: BadRecordPolicy
BAD_RECORD_POLICY_DEAD_LETTER: BadRecordPolicy
BAD_RECORD_POLICY_SKIP: BadRecordPolicy
BAD_RECORD_POLICY_FAIL: BadRecordPolicy
SASL_MECHANISM_UNSPECIFIED: SaslMechanism
SASL_MECHANISM_PLAIN: SaslMechanism
SASL_MECHANISM_SCRAM_SHA_256: SaslMechanism
SASL_MECHANISM_SCRAM_SHA_512: SaslMechanism
DESIRED_STATE_UNSPECIFIED: DesiredState
DESIRED_STATE_STARTED: DesiredState
DESIRED_STATE_STOPPED: DesiredState
MODEL_USE_UNSPECIFIED: ModelUse
MODEL_USE_SWAP: ModelUse
MODEL_USE_SHADOW: ModelUse
MODEL_UPDATE_STATE_UNSPECIFIED: ModelUpdateState
MODEL_UPDATE_STATE_LOADING: ModelUpdateState
MODEL_UPDATE_STATE_BLOCKED: ModelUpdateState
CONDITION_STATUS_UNSPECIFIED: ConditionStatus
CONDITION_STATUS_TRUE: ConditionStatus
CONDITION_STATUS_FALSE: ConditionStatus
CONDITION_STATUS_UNKNOWN: ConditionStatus

class Task(_message.Message):
    __slots__ = ("name", "uid", "id", "etag", "generation", "display_name", "labels", "spec", "desired_state", "status", "create_time", "update_time")
    class LabelsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    UID_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    GENERATION_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    SPEC_FIELD_NUMBER: _ClassVar[int]
    DESIRED_STATE_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    name: str
    uid: str
    id: int
    etag: str
    generation: int
    display_name: str
    labels: _containers.ScalarMap[str, str]
    spec: TaskSpec
    desired_state: DesiredState
    status: TaskStatus
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., uid: _Optional[str] = ..., id: _Optional[int] = ..., etag: _Optional[str] = ..., generation: _Optional[int] = ..., display_name: _Optional[str] = ..., labels: _Optional[_Mapping[str, str]] = ..., spec: _Optional[_Union[TaskSpec, _Mapping]] = ..., desired_state: _Optional[_Union[DesiredState, str]] = ..., status: _Optional[_Union[TaskStatus, _Mapping]] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class TaskSpec(_message.Message):
    __slots__ = ("source", "sink", "predictor", "until", "guarantee", "parallelism", "batch", "on_bad_record", "dead_letter_topic", "heap_min", "heap_max", "restart")
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    SINK_FIELD_NUMBER: _ClassVar[int]
    PREDICTOR_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    GUARANTEE_FIELD_NUMBER: _ClassVar[int]
    PARALLELISM_FIELD_NUMBER: _ClassVar[int]
    BATCH_FIELD_NUMBER: _ClassVar[int]
    ON_BAD_RECORD_FIELD_NUMBER: _ClassVar[int]
    DEAD_LETTER_TOPIC_FIELD_NUMBER: _ClassVar[int]
    HEAP_MIN_FIELD_NUMBER: _ClassVar[int]
    HEAP_MAX_FIELD_NUMBER: _ClassVar[int]
    RESTART_FIELD_NUMBER: _ClassVar[int]
    source: Source
    sink: Sink
    predictor: Predictor
    until: Until
    guarantee: Guarantee
    parallelism: int
    batch: Batch
    on_bad_record: BadRecordPolicy
    dead_letter_topic: str
    heap_min: str
    heap_max: str
    restart: RestartPolicy
    def __init__(self, source: _Optional[_Union[Source, _Mapping]] = ..., sink: _Optional[_Union[Sink, _Mapping]] = ..., predictor: _Optional[_Union[Predictor, _Mapping]] = ..., until: _Optional[_Union[Until, str]] = ..., guarantee: _Optional[_Union[Guarantee, str]] = ..., parallelism: _Optional[int] = ..., batch: _Optional[_Union[Batch, _Mapping]] = ..., on_bad_record: _Optional[_Union[BadRecordPolicy, str]] = ..., dead_letter_topic: _Optional[str] = ..., heap_min: _Optional[str] = ..., heap_max: _Optional[str] = ..., restart: _Optional[_Union[RestartPolicy, _Mapping]] = ...) -> None: ...

class Source(_message.Message):
    __slots__ = ("topic", "format", "bootstrap_servers", "start_from", "consumer_group", "sasl", "tls", "options", "schema_registry_url", "schema_registry_auth", "schema_ids")
    class OptionsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    TOPIC_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    BOOTSTRAP_SERVERS_FIELD_NUMBER: _ClassVar[int]
    START_FROM_FIELD_NUMBER: _ClassVar[int]
    CONSUMER_GROUP_FIELD_NUMBER: _ClassVar[int]
    SASL_FIELD_NUMBER: _ClassVar[int]
    TLS_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    SCHEMA_REGISTRY_URL_FIELD_NUMBER: _ClassVar[int]
    SCHEMA_REGISTRY_AUTH_FIELD_NUMBER: _ClassVar[int]
    SCHEMA_IDS_FIELD_NUMBER: _ClassVar[int]
    topic: str
    format: Format
    bootstrap_servers: _containers.RepeatedScalarFieldContainer[str]
    start_from: StartFrom
    consumer_group: str
    sasl: Sasl
    tls: Tls
    options: _containers.ScalarMap[str, str]
    schema_registry_url: str
    schema_registry_auth: BasicCredentials
    schema_ids: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, topic: _Optional[str] = ..., format: _Optional[_Union[Format, str]] = ..., bootstrap_servers: _Optional[_Iterable[str]] = ..., start_from: _Optional[_Union[StartFrom, str]] = ..., consumer_group: _Optional[str] = ..., sasl: _Optional[_Union[Sasl, _Mapping]] = ..., tls: _Optional[_Union[Tls, _Mapping]] = ..., options: _Optional[_Mapping[str, str]] = ..., schema_registry_url: _Optional[str] = ..., schema_registry_auth: _Optional[_Union[BasicCredentials, _Mapping]] = ..., schema_ids: _Optional[_Iterable[int]] = ...) -> None: ...

class Sink(_message.Message):
    __slots__ = ("topic", "format", "fields")
    class FieldsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    TOPIC_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    FIELDS_FIELD_NUMBER: _ClassVar[int]
    topic: str
    format: Format
    fields: _containers.ScalarMap[str, str]
    def __init__(self, topic: _Optional[str] = ..., format: _Optional[_Union[Format, str]] = ..., fields: _Optional[_Mapping[str, str]] = ...) -> None: ...

class Predictor(_message.Message):
    __slots__ = ("onnx", "symetry", "oip")
    ONNX_FIELD_NUMBER: _ClassVar[int]
    SYMETRY_FIELD_NUMBER: _ClassVar[int]
    OIP_FIELD_NUMBER: _ClassVar[int]
    onnx: OnnxPredictor
    symetry: SymetryPredictor
    oip: OipPredictor
    def __init__(self, onnx: _Optional[_Union[OnnxPredictor, _Mapping]] = ..., symetry: _Optional[_Union[SymetryPredictor, _Mapping]] = ..., oip: _Optional[_Union[OipPredictor, _Mapping]] = ...) -> None: ...

class OipPredictor(_message.Message):
    __slots__ = ("url", "model", "model_version", "features", "inputs", "bearer_token", "basic", "ca", "timeout")
    class InputsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    URL_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    FEATURES_FIELD_NUMBER: _ClassVar[int]
    INPUTS_FIELD_NUMBER: _ClassVar[int]
    BEARER_TOKEN_FIELD_NUMBER: _ClassVar[int]
    BASIC_FIELD_NUMBER: _ClassVar[int]
    CA_FIELD_NUMBER: _ClassVar[int]
    TIMEOUT_FIELD_NUMBER: _ClassVar[int]
    url: str
    model: str
    model_version: str
    features: _containers.RepeatedScalarFieldContainer[str]
    inputs: _containers.ScalarMap[str, str]
    bearer_token: str
    basic: BasicCredentials
    ca: str
    timeout: _duration_pb2.Duration
    def __init__(self, url: _Optional[str] = ..., model: _Optional[str] = ..., model_version: _Optional[str] = ..., features: _Optional[_Iterable[str]] = ..., inputs: _Optional[_Mapping[str, str]] = ..., bearer_token: _Optional[str] = ..., basic: _Optional[_Union[BasicCredentials, _Mapping]] = ..., ca: _Optional[str] = ..., timeout: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class BasicCredentials(_message.Message):
    __slots__ = ("username", "password")
    USERNAME_FIELD_NUMBER: _ClassVar[int]
    PASSWORD_FIELD_NUMBER: _ClassVar[int]
    username: str
    password: str
    def __init__(self, username: _Optional[str] = ..., password: _Optional[str] = ...) -> None: ...

class SymetryPredictor(_message.Message):
    __slots__ = ("url", "user", "secret_key", "project", "model", "features")
    URL_FIELD_NUMBER: _ClassVar[int]
    USER_FIELD_NUMBER: _ClassVar[int]
    SECRET_KEY_FIELD_NUMBER: _ClassVar[int]
    PROJECT_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    FEATURES_FIELD_NUMBER: _ClassVar[int]
    url: str
    user: str
    secret_key: str
    project: str
    model: str
    features: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, url: _Optional[str] = ..., user: _Optional[str] = ..., secret_key: _Optional[str] = ..., project: _Optional[str] = ..., model: _Optional[str] = ..., features: _Optional[_Iterable[str]] = ...) -> None: ...

class OnnxPredictor(_message.Message):
    __slots__ = ("model", "features", "inputs", "missing_as_nan")
    class InputsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    MODEL_FIELD_NUMBER: _ClassVar[int]
    FEATURES_FIELD_NUMBER: _ClassVar[int]
    INPUTS_FIELD_NUMBER: _ClassVar[int]
    MISSING_AS_NAN_FIELD_NUMBER: _ClassVar[int]
    model: str
    features: _containers.RepeatedScalarFieldContainer[str]
    inputs: _containers.ScalarMap[str, str]
    missing_as_nan: bool
    def __init__(self, model: _Optional[str] = ..., features: _Optional[_Iterable[str]] = ..., inputs: _Optional[_Mapping[str, str]] = ..., missing_as_nan: _Optional[bool] = ...) -> None: ...

class Batch(_message.Message):
    __slots__ = ("max_records", "max_wait")
    MAX_RECORDS_FIELD_NUMBER: _ClassVar[int]
    MAX_WAIT_FIELD_NUMBER: _ClassVar[int]
    max_records: int
    max_wait: _duration_pb2.Duration
    def __init__(self, max_records: _Optional[int] = ..., max_wait: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class RestartPolicy(_message.Message):
    __slots__ = ("max_restarts",)
    MAX_RESTARTS_FIELD_NUMBER: _ClassVar[int]
    max_restarts: int
    def __init__(self, max_restarts: _Optional[int] = ...) -> None: ...

class Sasl(_message.Message):
    __slots__ = ("mechanism", "username", "password")
    MECHANISM_FIELD_NUMBER: _ClassVar[int]
    USERNAME_FIELD_NUMBER: _ClassVar[int]
    PASSWORD_FIELD_NUMBER: _ClassVar[int]
    mechanism: SaslMechanism
    username: str
    password: str
    def __init__(self, mechanism: _Optional[_Union[SaslMechanism, str]] = ..., username: _Optional[str] = ..., password: _Optional[str] = ...) -> None: ...

class Tls(_message.Message):
    __slots__ = ("ca", "certificate", "key")
    CA_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    ca: str
    certificate: str
    key: str
    def __init__(self, ca: _Optional[str] = ..., certificate: _Optional[str] = ..., key: _Optional[str] = ...) -> None: ...

class TaskStatus(_message.Message):
    __slots__ = ("state", "reason", "message", "state_time", "start_time", "end_time", "process_is_alive", "last_error", "counters", "lag", "percent_complete", "execution", "records_per_second", "estimated_end_time", "partitions", "batch_latency", "process_id", "memory_bytes", "restart_count", "next_restart_time", "last_termination", "conditions", "model_sha256", "models")
    STATE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    STATE_TIME_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    PROCESS_IS_ALIVE_FIELD_NUMBER: _ClassVar[int]
    LAST_ERROR_FIELD_NUMBER: _ClassVar[int]
    COUNTERS_FIELD_NUMBER: _ClassVar[int]
    LAG_FIELD_NUMBER: _ClassVar[int]
    PERCENT_COMPLETE_FIELD_NUMBER: _ClassVar[int]
    EXECUTION_FIELD_NUMBER: _ClassVar[int]
    RECORDS_PER_SECOND_FIELD_NUMBER: _ClassVar[int]
    ESTIMATED_END_TIME_FIELD_NUMBER: _ClassVar[int]
    PARTITIONS_FIELD_NUMBER: _ClassVar[int]
    BATCH_LATENCY_FIELD_NUMBER: _ClassVar[int]
    PROCESS_ID_FIELD_NUMBER: _ClassVar[int]
    MEMORY_BYTES_FIELD_NUMBER: _ClassVar[int]
    RESTART_COUNT_FIELD_NUMBER: _ClassVar[int]
    NEXT_RESTART_TIME_FIELD_NUMBER: _ClassVar[int]
    LAST_TERMINATION_FIELD_NUMBER: _ClassVar[int]
    CONDITIONS_FIELD_NUMBER: _ClassVar[int]
    MODEL_SHA256_FIELD_NUMBER: _ClassVar[int]
    MODELS_FIELD_NUMBER: _ClassVar[int]
    state: _state_pb2.State
    reason: str
    message: str
    state_time: _timestamp_pb2.Timestamp
    start_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    process_is_alive: bool
    last_error: str
    counters: Counters
    lag: int
    percent_complete: float
    execution: str
    records_per_second: float
    estimated_end_time: _timestamp_pb2.Timestamp
    partitions: _containers.RepeatedCompositeFieldContainer[PartitionProgress]
    batch_latency: Latency
    process_id: int
    memory_bytes: int
    restart_count: int
    next_restart_time: _timestamp_pb2.Timestamp
    last_termination: Termination
    conditions: _containers.RepeatedCompositeFieldContainer[Condition]
    model_sha256: str
    models: ModelStatus
    def __init__(self, state: _Optional[_Union[_state_pb2.State, str]] = ..., reason: _Optional[str] = ..., message: _Optional[str] = ..., state_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., process_is_alive: _Optional[bool] = ..., last_error: _Optional[str] = ..., counters: _Optional[_Union[Counters, _Mapping]] = ..., lag: _Optional[int] = ..., percent_complete: _Optional[float] = ..., execution: _Optional[str] = ..., records_per_second: _Optional[float] = ..., estimated_end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., partitions: _Optional[_Iterable[_Union[PartitionProgress, _Mapping]]] = ..., batch_latency: _Optional[_Union[Latency, _Mapping]] = ..., process_id: _Optional[int] = ..., memory_bytes: _Optional[int] = ..., restart_count: _Optional[int] = ..., next_restart_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., last_termination: _Optional[_Union[Termination, _Mapping]] = ..., conditions: _Optional[_Iterable[_Union[Condition, _Mapping]]] = ..., model_sha256: _Optional[str] = ..., models: _Optional[_Union[ModelStatus, _Mapping]] = ...) -> None: ...

class ModelStatus(_message.Message):
    __slots__ = ("active", "previous", "shadow", "update")
    ACTIVE_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    SHADOW_FIELD_NUMBER: _ClassVar[int]
    UPDATE_FIELD_NUMBER: _ClassVar[int]
    active: ScoringModel
    previous: ScoringModel
    shadow: ShadowStatus
    update: ModelUpdate
    def __init__(self, active: _Optional[_Union[ScoringModel, _Mapping]] = ..., previous: _Optional[_Union[ScoringModel, _Mapping]] = ..., shadow: _Optional[_Union[ShadowStatus, _Mapping]] = ..., update: _Optional[_Union[ModelUpdate, _Mapping]] = ...) -> None: ...

class ScoringModel(_message.Message):
    __slots__ = ("model", "sha256")
    MODEL_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    model: str
    sha256: str
    def __init__(self, model: _Optional[str] = ..., sha256: _Optional[str] = ...) -> None: ...

class ShadowStatus(_message.Message):
    __slots__ = ("model", "scoring", "start_time", "records_compared", "records_differing", "differing_share", "max_absolute_difference", "mean_latency", "outputs")
    MODEL_FIELD_NUMBER: _ClassVar[int]
    SCORING_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    RECORDS_COMPARED_FIELD_NUMBER: _ClassVar[int]
    RECORDS_DIFFERING_FIELD_NUMBER: _ClassVar[int]
    DIFFERING_SHARE_FIELD_NUMBER: _ClassVar[int]
    MAX_ABSOLUTE_DIFFERENCE_FIELD_NUMBER: _ClassVar[int]
    MEAN_LATENCY_FIELD_NUMBER: _ClassVar[int]
    OUTPUTS_FIELD_NUMBER: _ClassVar[int]
    model: ScoringModel
    scoring: bool
    start_time: _timestamp_pb2.Timestamp
    records_compared: int
    records_differing: int
    differing_share: float
    max_absolute_difference: float
    mean_latency: _duration_pb2.Duration
    outputs: _containers.RepeatedCompositeFieldContainer[OutputComparison]
    def __init__(self, model: _Optional[_Union[ScoringModel, _Mapping]] = ..., scoring: _Optional[bool] = ..., start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., records_compared: _Optional[int] = ..., records_differing: _Optional[int] = ..., differing_share: _Optional[float] = ..., max_absolute_difference: _Optional[float] = ..., mean_latency: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., outputs: _Optional[_Iterable[_Union[OutputComparison, _Mapping]]] = ...) -> None: ...

class OutputComparison(_message.Message):
    __slots__ = ("output", "records_differing", "max_absolute_difference")
    OUTPUT_FIELD_NUMBER: _ClassVar[int]
    RECORDS_DIFFERING_FIELD_NUMBER: _ClassVar[int]
    MAX_ABSOLUTE_DIFFERENCE_FIELD_NUMBER: _ClassVar[int]
    output: str
    records_differing: int
    max_absolute_difference: float
    def __init__(self, output: _Optional[str] = ..., records_differing: _Optional[int] = ..., max_absolute_difference: _Optional[float] = ...) -> None: ...

class ModelUpdate(_message.Message):
    __slots__ = ("model", "use", "state", "reason", "message", "time", "actor")
    MODEL_FIELD_NUMBER: _ClassVar[int]
    USE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    model: ScoringModel
    use: ModelUse
    state: ModelUpdateState
    reason: str
    message: str
    time: _timestamp_pb2.Timestamp
    actor: str
    def __init__(self, model: _Optional[_Union[ScoringModel, _Mapping]] = ..., use: _Optional[_Union[ModelUse, str]] = ..., state: _Optional[_Union[ModelUpdateState, str]] = ..., reason: _Optional[str] = ..., message: _Optional[str] = ..., time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., actor: _Optional[str] = ...) -> None: ...

class PartitionProgress(_message.Message):
    __slots__ = ("partition", "offset", "end_offset", "lag", "oldest_record_time")
    PARTITION_FIELD_NUMBER: _ClassVar[int]
    OFFSET_FIELD_NUMBER: _ClassVar[int]
    END_OFFSET_FIELD_NUMBER: _ClassVar[int]
    LAG_FIELD_NUMBER: _ClassVar[int]
    OLDEST_RECORD_TIME_FIELD_NUMBER: _ClassVar[int]
    partition: int
    offset: int
    end_offset: int
    lag: int
    oldest_record_time: _timestamp_pb2.Timestamp
    def __init__(self, partition: _Optional[int] = ..., offset: _Optional[int] = ..., end_offset: _Optional[int] = ..., lag: _Optional[int] = ..., oldest_record_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Counters(_message.Message):
    __slots__ = ("records_in", "records_out", "records_dead_lettered", "records_skipped")
    RECORDS_IN_FIELD_NUMBER: _ClassVar[int]
    RECORDS_OUT_FIELD_NUMBER: _ClassVar[int]
    RECORDS_DEAD_LETTERED_FIELD_NUMBER: _ClassVar[int]
    RECORDS_SKIPPED_FIELD_NUMBER: _ClassVar[int]
    records_in: int
    records_out: int
    records_dead_lettered: int
    records_skipped: int
    def __init__(self, records_in: _Optional[int] = ..., records_out: _Optional[int] = ..., records_dead_lettered: _Optional[int] = ..., records_skipped: _Optional[int] = ...) -> None: ...

class Latency(_message.Message):
    __slots__ = ("p50", "p95", "p99")
    P50_FIELD_NUMBER: _ClassVar[int]
    P95_FIELD_NUMBER: _ClassVar[int]
    P99_FIELD_NUMBER: _ClassVar[int]
    p50: _duration_pb2.Duration
    p95: _duration_pb2.Duration
    p99: _duration_pb2.Duration
    def __init__(self, p50: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., p95: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., p99: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class Condition(_message.Message):
    __slots__ = ("type", "status", "reason", "message", "last_transition_time")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    LAST_TRANSITION_TIME_FIELD_NUMBER: _ClassVar[int]
    type: str
    status: ConditionStatus
    reason: str
    message: str
    last_transition_time: _timestamp_pb2.Timestamp
    def __init__(self, type: _Optional[str] = ..., status: _Optional[_Union[ConditionStatus, str]] = ..., reason: _Optional[str] = ..., message: _Optional[str] = ..., last_transition_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Termination(_message.Message):
    __slots__ = ("reason", "message", "exit_code", "signal", "time")
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    EXIT_CODE_FIELD_NUMBER: _ClassVar[int]
    SIGNAL_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    reason: str
    message: str
    exit_code: int
    signal: str
    time: _timestamp_pb2.Timestamp
    def __init__(self, reason: _Optional[str] = ..., message: _Optional[str] = ..., exit_code: _Optional[int] = ..., signal: _Optional[str] = ..., time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
