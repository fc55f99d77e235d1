"""Signs the requests of schemathesis as SymetryML's clients do: HMAC-SHA-256 over what the request is."""

import base64
import hashlib
import hmac
import os
from datetime import datetime, timezone
from urllib.parse import urlsplit

import requests
import schemathesis


class Signature(requests.auth.AuthBase):
    """Signs with the key of the user that every path names."""

    def __call__(self, request):
        key, user = os.environ["FUZZ_SECRET_KEY"], os.environ["FUZZ_USER"]
        parts = urlsplit(request.url)
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        md5 = base64.b64encode(hashlib.md5(body).digest()).decode() if body else ""
        date = datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M:%S") + ";000000"
        lines = [line.encode() for line in (request.method, md5, key, date, user)]
        lines += [body] if body else []
        lines += [line.encode() for line in (parts.path, parts.query) if line]
        digest = hmac.new(base64.b64decode(key), b"\n".join(lines) + b"\n", hashlib.sha256)
        request.headers["Authorization"] = base64.b64encode(digest.digest()).decode()
        request.headers["sym-date"] = date
        return request


schemathesis.auth.set_from_requests(Signature())
