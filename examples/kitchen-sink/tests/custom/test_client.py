"""An order with an address, a subject and samples, as a client uses it."""

from sink.core.project import API_PREFIX

from tests.fixtures.people import AsUser

CATEGORIES = f"{API_PREFIX}/categories"
ORDERS = f"{API_PREFIX}/orders"
ADDRESS = {"shipToStreet": "Karl Johans gate 1", "shipToCity": "Oslo"}


async def test_an_order_refers_to_what_it_is_about(as_user: AsUser) -> None:
    clerk, customer = await as_user("clerk"), await as_user("customer")
    category = (await clerk.post(CATEGORIES, json={"name": "Paint"})).json()
    subject = {"type": "categories", "id": category["id"]}

    created = await customer.post(ORDERS, json={"number": "A-1", "subject": subject, **ADDRESS})

    assert created.status_code == 201, created.text
    order = created.json()
    assert order["subject"] == subject
    assert order["shipToCountry"] == "NO"
    assert order["createdById"] == order["customerId"]


async def test_a_deleted_category_comes_back(as_user: AsUser) -> None:
    clerk = await as_user("clerk")
    category = (await clerk.post(CATEGORIES, json={"name": "Paint"})).json()
    url = f"{CATEGORIES}/{category['id']}"

    assert (await clerk.delete(url)).status_code == 204
    assert (await clerk.get(url)).status_code == 404
    assert (await clerk.post(f"{url}/restore")).status_code == 200
    assert (await clerk.get(url)).status_code == 200
