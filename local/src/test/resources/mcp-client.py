"""An assistant's program, by the Python SDK of the Model Context Protocol: mcp-client.py URL TOKEN MODE."""

import asyncio
import sys

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

URL, TOKEN, MODE = sys.argv[1:]


async def main() -> None:
    async with httpx2.AsyncClient(headers={"Authorization": f"Bearer {TOKEN}"}, timeout=30) as http:
        async with Client(streamable_http_client(URL, http_client=http), mode=MODE) as client:
            print("speaks", client.protocol_version)
            tools = {tool.name: tool for tool in (await client.list_tools()).tools}
            assert len(tools) == 13, sorted(tools)
            assert tools["delete_tasks"].annotations.destructive_hint
            assert tools["find_tasks"].annotations.read_only_hint

            # The SDK holds each result against the tool's schema.
            async def call(name, **arguments):
                result = await client.call_tool(name, arguments)
                return result.is_error, result.structured_content, result.content[0].text

            _, added, words = await call(
                "add_tasks",
                tasks=[
                    {"title": f"pay rent {MODE}", "due": "2040-01-31", "recurrence": "monthly"},
                    {"title": "no list", "list": "nowhere"},
                ],
            )
            assert added["failed"][0]["entry"] == 1 and "nowhere" in words, words
            task = added["tasks"][0]["id"]
            _, found, _ = await call("find_tasks", q=f"rent {MODE}")
            assert [one["id"] for one in found["tasks"]] == [task], found
            _, completed, _ = await call("complete_tasks", ids=[task])
            assert completed["tasks"][0]["next"] == "2040-02-29", completed
            _, undone, _ = await call("undo")
            assert undone["tasks"][0]["status"] == "open", undone
            _, lists, _ = await call("find_lists")
            assert lists["lists"][0]["name"] == "Inbox", lists
            error, _, words = await call("get_task", id="nope.1")
            assert error and "find_tasks" in words, words
            print("done")


asyncio.run(main())
