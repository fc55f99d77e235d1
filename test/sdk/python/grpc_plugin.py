"""grpcio-tools' generator of gRPC code as a protoc plugin, which is the form that buf can run.

grpcio-tools has it only inside its own protoc, so the request's files go through that.
"""

import sys
import tempfile
from pathlib import Path

from google.protobuf.compiler.plugin_pb2 import CodeGeneratorRequest, CodeGeneratorResponse
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from grpc_tools import protoc


def generate(request: CodeGeneratorRequest) -> CodeGeneratorResponse:
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder, "files.binpb")
        out = Path(folder, "out")
        out.mkdir()
        files.write_bytes(FileDescriptorSet(file=request.proto_file).SerializeToString())
        arguments = [f"--descriptor_set_in={files}", f"--grpc_python_out={out}"]
        code = protoc.main(["protoc", *arguments, *request.file_to_generate])
        if code != 0:
            return CodeGeneratorResponse(error=f"protoc ended with {code}")
        response = CodeGeneratorResponse(supported_features=CodeGeneratorResponse.FEATURE_PROTO3_OPTIONAL)
        for path in sorted(out.rglob("*.py")):
            response.file.add(name=str(path.relative_to(out)), content=path.read_text())
        return response


if __name__ == "__main__":
    request = CodeGeneratorRequest.FromString(sys.stdin.buffer.read())
    sys.stdout.buffer.write(generate(request).SerializeToString())
