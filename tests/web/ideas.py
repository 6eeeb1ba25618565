"""An idea on its way through the three steps: by a browser's page, and by a client that only reads and sends forms."""

import re
from typing import Any

from flask.testing import FlaskClient
from playwright.sync_api import Page

FORM = "/lamna-forslag"
STEPS = (("what", "why", "about"), ("where", "point"), ("cost", "own_contribution", "name", "email", "telephone"))
HIDDEN = re.compile(r'<input[^>]*name="(csrf_token|key)"[^>]*value="([^"]*)"')


def write(page: Page, **said: str) -> None:
    """From the first step, which is open, to the page that sends it."""
    for n, names in enumerate(STEPS, 1):
        page.wait_for_url("**/lamna-forslag*" if n == 1 else f"**/utkast/*/{n}*")
        for name in names:
            if name in said:
                page.locator(f"main form [name={name}]").fill(said[name])
        page.locator("main form button.btn-primary").click()
    page.wait_for_url("**/utkast/*/skicka")


def send(page: Page, **said: str) -> tuple[str, str]:
    """The number and the private link that the receipt tells."""
    write(page, **said)
    page.locator("main form button.btn-primary").click()
    page.wait_for_url("**/lamna-forslag/kvitto")
    return page.locator(".lead .num").inner_text(), page.locator(".private-link a").get_attribute("href") or ""


def hidden(page: str) -> dict[str, str]:
    return dict(HIDDEN.findall(page))


def post(client: FlaskClient, address: str, **more: Any) -> Any:
    """What a form at this address answers, its hidden fields read anew."""
    return client.post(address, data=hidden(client.get(address).text) | more)


def post_from(client: FlaskClient, page: str, address: str, **more: Any) -> Any:
    """What a form on a page answers, its hidden fields read anew."""
    return client.post(address, data=hidden(client.get(page).text) | more)


def go_on(client: FlaskClient, address: str, **said: str) -> Any:
    """From a step, or from the page that sends it, to the end: the last answer."""
    while address.startswith("/utkast/"):
        answer = post(client, address, **said)
        if answer.status_code != 303:
            return answer
        address = answer.location
    return client.get(address)


def hand_in(client: FlaskClient, **said: str) -> Any:
    """The answer of the first step that is not taken as right; of the last one when all are."""
    address = FORM
    for names in STEPS:
        answer = post(client, address, **{name: said[name] for name in names if name in said})
        if answer.status_code != 303:
            return answer
        address = answer.location
    return post(client, address)
