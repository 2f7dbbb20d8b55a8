import asyncio
import contextlib

import httpx
import pytest

from missent.serving.pages import Pages
from missent.testing.holding import held_copy
from missent.web.listening import Impatient


@contextlib.asynccontextmanager
async def serving(app):
    """The pages on a free port, as a node serves them."""
    pages = Pages(app, ("127.0.0.1", 0))
    pages.start()
    try:
        yield pages.address[1]
    finally:
        await pages.stop()


def test_a_page_is_served_and_its_link_is_in_no_log(office, caplog):
    caplog.set_level("DEBUG")
    page = office.page(office.keep(held_copy()))

    async def main():
        async with serving(office.public.app) as port, httpx.AsyncClient() as client:
            return await client.get(f"http://127.0.0.1:{port}{page}")

    answer = asyncio.run(main())
    assert answer.status_code == 200
    assert answer.headers["connection"] == "close"
    assert "server" not in answer.headers
    said = [record.getMessage() for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    assert not any(page in line for line in said)


@pytest.mark.parametrize("sent", [b"", b"GET /h/x HTTP/1.1\r\nHost: "])
def test_a_slow_client_is_hung_up_on(office, monkeypatch, sent):
    monkeypatch.setattr(Impatient, "patience", 0.1)

    async def main():
        async with serving(office.public.app) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(sent)
            try:
                return await asyncio.wait_for(reader.read(), 5)
            except ConnectionResetError:
                return b""
            finally:
                writer.close()

    assert asyncio.run(main()) == b""


def test_a_slow_form_is_given_up(office, monkeypatch):
    monkeypatch.setattr("missent.web.forms.PATIENCE", 0.1)
    held = office.keep()
    head = f"POST {office.page(held)} HTTP/1.1\r\nHost: x\r\nContent-Length: 30\r\n"

    async def main():
        async with serving(office.public.app) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\ncopy=1&".encode())
            answer = await asyncio.wait_for(reader.read(), 5)
            writer.close()
            return answer

    assert asyncio.run(main()).startswith(b"HTTP/1.1 400")
    assert office.states(held) == ["held"]
