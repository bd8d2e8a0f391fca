"""Makes an empty database: `new_database.py URL NAME`. Fails if the server does not answer."""

import asyncio
import sys
from urllib.parse import urlsplit

import aiomysql
import asyncpg


async def main(url: str, name: str) -> None:
    parts = urlsplit(url)
    if parts.scheme == "postgresql":
        connection = await asyncpg.connect(f"{url}/postgres", timeout=5)
        await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await connection.execute(f'CREATE DATABASE "{name}"')
        await connection.close()
    else:
        connection = await aiomysql.connect(
            host=parts.hostname or "127.0.0.1",
            port=parts.port or 3306,
            user=parts.username or "root",
            password=parts.password or "",
            connect_timeout=5,
        )
        async with connection.cursor() as cursor:
            await cursor.execute(f"DROP DATABASE IF EXISTS `{name}`")
            await cursor.execute(f"CREATE DATABASE `{name}` CHARACTER SET utf8mb4")
        connection.close()


asyncio.run(main(*sys.argv[1:]))
