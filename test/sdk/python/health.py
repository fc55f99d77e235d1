"""Asks for the health of a service: health.py HOST:PORT [SERVICE]. Its exit code is 0 if it is serving."""

import sys

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

ANSWER_DEADLINE_S = 5

address, service = sys.argv[1], "".join(sys.argv[2:3])
with grpc.insecure_channel(address) as channel:
    request = health_pb2.HealthCheckRequest(service=service)
    try:
        answer = health_pb2_grpc.HealthStub(channel).Check(request, timeout=ANSWER_DEADLINE_S)
    except grpc.RpcError as error:
        sys.exit(f"{error.code().name}: {error.details()}")
status = health_pb2.HealthCheckResponse.ServingStatus.Name(answer.status)
print(status)
sys.exit(status != "SERVING")
