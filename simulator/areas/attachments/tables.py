"""Files on records: what is known of each, and their contents in pieces."""

from simulator.schema import SYSTEM_FIELDS, Table, choice, number, reference, text, typed

SYS_ATTACHMENT = Table(
    name="sys_attachment",
    label="Attachment",
    fields=(
        *SYSTEM_FIELDS,
        text("file_name", "File name", length=255, display=True),
        text("content_type", "Content type", length=255),
        typed("table_name", "Table name", "table_name", length=80, indexed=True),
        typed("table_sys_id", "Table sys ID", "char", length=32, indexed=True),
        number("size_bytes", "Size bytes"),
        number("size_compressed", "Size compressed"),
        typed("compressed", "Compressed", "boolean", default="true"),
        number("chunk_size_bytes", "Chunk size bytes"),
        text("hash", "Hash", length=64),
        choice("state", "State", default="pending"),
        number("image_width", "Image width"),
        number("image_height", "Image height"),
        text("average_image_color", "Average image color"),
        text("encryption_context", "Encryption context", length=32),
    ),
)

SYS_ATTACHMENT_DOC = Table(
    name="sys_attachment_doc",
    label="Attachment Document",
    fields=(
        *SYSTEM_FIELDS,
        reference("sys_attachment", "Sys attachment", "sys_attachment", indexed=True),
        number("position", "Position"),
        number("length", "Length"),
        # Base64 of a piece of 700,000 bytes.
        text("data", "Data", length=933_336),
    ),
)

SYS_ATTACHMENT_ATTRIBUTE = Table(
    name="sys_attachment_attribute",
    label="Attachment Attribute",
    fields=(
        *SYSTEM_FIELDS,
        reference("attachment", "Attachment", "sys_attachment", indexed=True),
        text("key", "Key", length=100, display=True),
        text("value", "Value", length=4000),
    ),
)
