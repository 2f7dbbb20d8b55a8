"""`[reading]`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadingSettings:
    """Opening what messages carry. What is beyond a limit is said to be unread; the message is judged all the same.

    Attributes:
        workers: processes that open attachments, started when first needed; 0 opens none.
        ocr: read the text of images with tesseract, if it is installed; a second or two a page.
        max_file: octets of one file.
        max_unpacked: octets unpacked from one message's files.
        max_ratio: how many times its packed size one file may unpack to, once it is above 10 MB.
        max_files: files within a message's files.
        max_depth: files within files.
        max_text: characters of text taken from one message.
        max_memory: octets of memory one worker may use.
        cpu_seconds: processor time for one message's attachments.
        seconds: time by the clock for them; below `relay.judge_timeout`.
    """

    workers: int = 2
    ocr: bool = False
    max_file: int = 100_000_000
    max_unpacked: int = 300_000_000
    max_ratio: int = 150
    max_files: int = 2000
    max_depth: int = 8
    max_text: int = 30_000_000
    max_memory: int = 450_000_000
    cpu_seconds: float = 3.5
    seconds: float = 10.0

    def __post_init__(self) -> None:
        if not 0 <= self.workers <= 256:
            raise ValueError(f"key `workers` is {self.workers}, expected 0 to 256")
        for key in ("max_file", "max_files", "max_text", "cpu_seconds", "seconds"):
            if getattr(self, key) <= 0:
                raise ValueError(f"key `{key}` is {getattr(self, key)}, expected more than 0")
