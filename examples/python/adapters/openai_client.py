"""OpenAI's client: the same request is sent once, a stream is replayed chunk by chunk."""

import httpx
import semantrix
from openai import OpenAI
from openai.types.chat import ChatCompletionUserMessageParam
from semantrix.integrations.openai import wrap

sent = 0


def model(request: httpx.Request) -> httpx.Response:
    """Stands for the model; an application has none of this."""
    global sent
    sent += 1
    message = {"role": "assistant", "content": "Because of Rayleigh scattering."}
    choice = {"index": 0, "finish_reason": "stop", "message": message}
    answer = {"id": "1", "object": "chat.completion", "created": 1, "model": "m"}
    return httpx.Response(200, json={**answer, "choices": [choice]})


client = wrap(
    OpenAI(api_key="none", http_client=httpx.Client(transport=httpx.MockTransport(model))),
    semantrix.open("memory://?max_size=1000"),
    ttl=86_400,
)
question: ChatCompletionUserMessageParam = {"role": "user", "content": "Why is the sky blue?"}

for _ in range(3):
    answer = client.chat.completions.create(model="m", messages=[question])
    print(answer.choices[0].message.content)
print(sent, "sent")

# > Because of Rayleigh scattering.
# > Because of Rayleigh scattering.
# > Because of Rayleigh scattering.
# > 1 sent
