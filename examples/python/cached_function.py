"""A function whose answers are kept: the same question is paid for once."""

import asyncio
from datetime import timedelta

import semantrix

cache = semantrix.open("memory://?max_size=1000")
calls = 0


@semantrix.cached(cache, ttl=timedelta(hours=1))
async def answer(prompt: str, model: str = "small") -> str:
    global calls
    calls += 1
    await asyncio.sleep(0.01)  # the slow and costly part
    return f"{model} says: because"


async def main() -> None:
    answers = await asyncio.gather(*(answer("Why is the sky blue?") for _ in range(10)))
    print(set(answers), calls)
    await answer.forget("Why is the sky blue?")
    await answer("Why is the sky blue?")
    print(calls)


asyncio.run(main())

# > {'small says: because'} 1
# > 2
