"""Which files may be attached: system properties decide, as on a real instance."""

from collections.abc import Callable

from simulator.errors import AclRefused, OperationFailed, TooLarge

LARGEST_MEGABYTES = 1024

_MEGABYTE = 1024 * 1024

Property = Callable[[str], str]


def largest_bytes(read: Property) -> int:
    """How large a file may be: `com.glide.attachment.max_size` megabytes, 1024 by default."""
    text = read("com.glide.attachment.max_size")
    megabytes = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0
    return min(megabytes or LARGEST_MEGABYTES, LARGEST_MEGABYTES) * _MEGABYTE


def check_file(read: Property, *, file_name: str, content_type: str, size: int) -> None:
    """Raises TooLarge, or OperationFailed for a file of a kind that may not be attached."""
    most = largest_bytes(read)
    if size > most:
        raise TooLarge(size, most=most)
    extension = file_name.rpartition(".")[2].lower() if "." in file_name else ""
    if not _is_allowed(read, extension=extension, content_type=content_type):
        raise OperationFailed(f"Attachment {file_name} is of a type that is not allowed")


def check_role(read: Property, *, roles: frozenset[str], is_admin: bool) -> None:
    """Raises AclRefused for who lacks the roles of `glide.attachment.role`; empty: everybody."""
    needed = _listed(read("glide.attachment.role")) - {"public"}
    if needed and not is_admin and roles.isdisjoint(needed):
        raise AclRefused("Insert")


def _is_allowed(read: Property, *, extension: str, content_type: str) -> bool:
    """Of the extensions only those listed, where any is; of forbidden kinds none."""
    extensions = _listed(read("glide.attachment.extensions"))
    if extensions and extension not in extensions:
        return False
    if read("glide.security.attachment_type.use_blacklist") != "true":
        return True
    kind = content_type.partition(";")[0].strip().lower()
    return extension not in _listed(
        read("glide.attachment.blacklisted.extensions")
    ) and kind not in _listed(read("glide.attachment.blacklisted.types"))


def _listed(text: str) -> frozenset[str]:
    return frozenset(name.strip().lower() for name in text.split(",") if name.strip())
