"""pysnc.asyncio: the same client over httpx."""

from place import ADMIN, ADMIN_ID, SIMULATOR, unique
from pysnc.asyncio import AsyncServiceNowClient


async def records_are_read() -> None:
    client = AsyncServiceNowClient(SIMULATOR, ADMIN)
    record = await client.GlideRecord("sys_user")
    assert await record.get(ADMIN_ID)
    assert record.user_name == "admin"
    many = await client.GlideRecord("incident", batch_size=50)
    many.fields = "sys_id"
    many.limit = 120
    await many.query()
    assert len([each.sys_id async for each in many]) == 120
    await client.close()


async def records_are_written_and_deleted_in_a_batch() -> None:
    client = AsyncServiceNowClient(SIMULATOR, ADMIN)
    text = unique("BUNKZZ")
    for number in range(3):
        record = await client.GlideRecord("problem")
        record.initialize()
        record.short_description = f"{text} {number}"
        assert await record.insert()
    record.short_description = f"{text} changed"
    assert await record.update()
    many = await client.GlideRecord("problem")
    many.add_query("short_description", "LIKE", text)
    assert await many.delete_multiple()
    left = await client.GlideRecord("problem")
    left.add_query("short_description", "LIKE", text)
    await left.query()
    assert len(left) == 0
    await client.close()


async def files_are_attached() -> None:
    client = AsyncServiceNowClient(SIMULATOR, ADMIN)
    record = await client.GlideRecord("problem")
    record.initialize()
    record.short_description = unique("With a file")
    assert await record.insert()
    await record.add_attachment("test.txt", b"of some text")
    attachments = await record.get_attachments()
    assert len(attachments) == 1
    async for attachment in attachments:
        assert await attachment.read() == b"of some text"
    await client.close()
