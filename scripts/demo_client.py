"""Waits for the blog of the demo, registers, logs in and asks who that is. Needs nothing but the standard library."""

import json
import sys
import time
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

PASSWORD = "correct horse battery"  # a sample, for a database that lives as long as the demo


def call(url: str, body: dict[str, Any] | None = None, token: str | None = None) -> dict[str, Any]:
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(url, data=data, headers=headers), timeout=10) as answer:
        return json.load(answer)


def wait_for(url: str) -> None:
    for _ in range(100):
        try:
            call(f"{url}/health/live")
        except (URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return
    sys.exit("the backend did not start: see target/demo/blog/server.log")


def main(url: str) -> None:
    wait_for(url)
    person = {"email": "ann@example.com", "password": PASSWORD}
    call(f"{url}/api/v1/auth/register", person | {"name": "Ann"})
    token = call(f"{url}/api/v1/auth/login", person)["access_token"]
    me = call(f"{url}/api/v1/auth/me", token=token)
    print(f"OK: the blog runs, and {me['email']} is logged in as {me['role']}")


main(sys.argv[1])
