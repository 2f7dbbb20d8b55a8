"""A real browser on a pipe: Chromium's debugging protocol, as much of it as pressing one button needs."""

import itertools
import json
import os
import subprocess

FLAGS = str.split(
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage --hide-scrollbars --remote-debugging-pipe"
)


class Browser:
    """One page of a fresh Chromium, at a phone's width, with scripts switched off; a context manager.

    Attributes:
        events: everything it reported, as (method, params).
    """

    def __init__(self, binary, profile, width=375, height=800):
        command_read, self._out = os.pipe()
        self._in, reply_write = os.pipe()

        def descriptors():
            os.dup2(command_read, 3)
            os.dup2(reply_write, 4)

        self._process = subprocess.Popen(
            [binary, *FLAGS, f"--user-data-dir={profile}", "about:blank"],
            preexec_fn=descriptors,  # noqa: PLW1509 - no other way onto 3 and 4; it only calls dup2
            close_fds=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(command_read)
        os.close(reply_write)
        self._numbers = itertools.count(1)
        self._buffer = b""
        self._session = None
        self.events = []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Log", "DOM", "Runtime"):
            self.ask(f"{domain}.enable")
        self.ask("Emulation.setScriptExecutionDisabled", value=True)
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=2, mobile=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._session = None
        self.ask("Browser.close")
        os.close(self._out)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._in)

    def ask(self, method, **params):
        """Send a command, wait for its answer; events meanwhile are kept."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return answer["result"]

    def wait(self, method):
        """Wait for an event that has not come yet."""
        while True:
            answer = self._next()
            if answer.get("method") == method:
                return

    def open(self, url):
        self.ask("Page.navigate", url=url)
        self.wait("Page.loadEventFired")

    def value(self, expression):
        """What an expression says of the page; the debugger's own, the page has no scripts."""
        return self.ask("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def click(self, selector):
        """Press an element as a finger would, and wait for the page it leads to."""
        root = self.ask("DOM.getDocument")["root"]["nodeId"]
        node = self.ask("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.ask("DOM.scrollIntoViewIfNeeded", nodeId=node)
        quad = self.ask("DOM.getContentQuads", nodeId=node)["quads"][0]
        spot = {"x": (quad[0] + quad[4]) / 2, "y": (quad[1] + quad[5]) / 2, "button": "left", "clickCount": 1}
        self.ask("Input.dispatchMouseEvent", type="mousePressed", **spot)
        self.ask("Input.dispatchMouseEvent", type="mouseReleased", **spot)
        self.wait("Page.loadEventFired")

    def _next(self):
        while b"\0" not in self._buffer:
            piece = os.read(self._in, 1 << 16)
            assert piece, "the browser has gone"
            self._buffer += piece
        text, _, self._buffer = self._buffer.partition(b"\0")
        answer = json.loads(text)
        if "method" in answer:
            self.events.append((answer["method"], answer["params"]))
        return answer
