"""A writer and a reader, as two clients use the blog."""

from app.core.project import API_PREFIX

from tests.fixtures.application import Caller
from tests.fixtures.people import AsUser

POSTS = f"{API_PREFIX}/posts"
COMMENTS = f"{API_PREFIX}/comments"
DRAFT = {"title": "Hello, world", "body": "The first post."}


async def test_a_writer_publishes_and_a_reader_answers(as_user: AsUser, client: Caller) -> None:
    writer, reader = await as_user("writer"), await as_user("reader")

    post = (await writer.post(POSTS, json=DRAFT)).json()
    published = {"status": "published", "published_at": "2026-01-15T09:00:00Z"}
    await writer.patch(f"{POSTS}/{post['id']}", json=published)
    await reader.post(COMMENTS, json={"post_id": post["id"], "body": "Welcome!"})

    page = (await client.get(POSTS, params={"status": "published", "include": "author,comments"})).json()
    assert [item["slug"] for item in page["items"]] == ["hello-world"]
    assert [comment["body"] for comment in page["items"][0]["comments"]] == ["Welcome!"]


async def test_two_editors_do_not_overwrite_each_other(as_user: AsUser) -> None:
    writer = await as_user("writer")
    created = await writer.post(POSTS, json=DRAFT)
    url, first = f"{POSTS}/{created.json()['id']}", {"If-Match": created.headers["ETag"]}

    assert (await writer.patch(url, json={"title": "One"}, headers=first)).status_code == 200
    assert (await writer.patch(url, json={"title": "Two"}, headers=first)).status_code == 412


async def test_a_reader_may_not_write_posts(as_user: AsUser, client: Caller) -> None:
    reader = await as_user("reader")

    assert (await reader.post(POSTS, json=DRAFT)).status_code == 403
    assert (await client.post(POSTS, json=DRAFT)).status_code == 401
