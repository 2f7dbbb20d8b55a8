"""PidTagRtfCompressed ([MS-OXRTFCP]): a body as both of Outlook's formats keep it."""


def unpacked(rtf: bytes | None) -> bytes:
    """The RTF; b"" where there is none or it is damaged."""
    if not rtf:
        return b""
    from compressed_rtf import decompress

    try:
        return bytes(decompress(rtf))
    except Exception:  # noqa: BLE001  one body: whatever a damaged one makes the library raise
        return b""
