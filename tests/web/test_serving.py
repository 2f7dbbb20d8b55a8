import asyncio
import socket

import httpx
import pytest

from missent.errors import ConfigError
from missent.testing.holding import held_copy
from missent.web.serving import Impatient, serving


def test_an_application_is_served_on_a_port_it_is_told(office):
    held = office.keep(held_copy())
    told = []

    def make(port):
        told.append(port)
        return office.public.app

    async def main():
        async with serving("127.0.0.1:0", make) as port, httpx.AsyncClient() as client:
            assert told == [port]
            return await client.get(f"http://127.0.0.1:{port}{office.page(held)}")

    answer = asyncio.run(main())
    assert answer.status_code == 200
    assert answer.headers["connection"] == "close"
    assert "server" not in answer.headers


def test_links_are_in_no_log(office, caplog):
    caplog.set_level("DEBUG")
    page = office.page(office.keep())

    async def main():
        async with serving("127.0.0.1:0", lambda _: office.public.app) as port, httpx.AsyncClient() as client:
            await client.get(f"http://127.0.0.1:{port}{page}")

    asyncio.run(main())
    said = [record.getMessage() for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    assert not any(page in line for line in said)


@pytest.mark.parametrize("sent", [b"", b"GET /h/x HTTP/1.1\r\nHost: "])
def test_a_slow_client_is_hung_up_on(office, monkeypatch, sent):
    monkeypatch.setattr(Impatient, "patience", 0.1)

    async def main():
        async with serving("127.0.0.1:0", lambda _: office.public.app) as port:
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
        async with serving("127.0.0.1:0", lambda _: office.public.app) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\ncopy=1&".encode())
            answer = await asyncio.wait_for(reader.read(), 5)
            writer.close()
            return answer

    assert asyncio.run(main()).startswith(b"HTTP/1.1 400")
    assert office.states(held) == ["held"]


def test_a_taken_port_is_one_clear_line(office):
    async def main(port):
        async with serving(f"127.0.0.1:{port}", lambda _: office.public.app):
            pass

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError, match=f"nothing can listen at 127.0.0.1:{port}: Address already in use"):
            asyncio.run(main(port))
