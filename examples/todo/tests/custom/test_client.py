"""A list of things to do, as a client uses it."""

from app.core.project import API_PREFIX

from tests.fixtures.application import Caller

TODOS = f"{API_PREFIX}/todos"


async def test_things_are_written_down_and_done(client: Caller) -> None:
    milk = (await client.post(TODOS, json={"title": "Buy milk"})).json()
    await client.post(TODOS, json={"title": "Call Ann"})

    await client.patch(f"{TODOS}/{milk['id']}", json={"done": True})

    page = (await client.get(TODOS, params={"done": "false"})).json()
    assert [todo["title"] for todo in page["items"]] == ["Call Ann"]
    assert page["total"] == 1


async def test_what_is_deleted_is_gone(client: Caller) -> None:
    milk = (await client.post(TODOS, json={"title": "Buy milk"})).json()

    assert (await client.delete(f"{TODOS}/{milk['id']}")).status_code == 204
    assert (await client.get(f"{TODOS}/{milk['id']}")).status_code == 404
