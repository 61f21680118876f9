"""LiteLLM: the same request to any provider is paid for once."""

import os

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # Nothing is fetched from a network.
import litellm
import semantrix
from semantrix.integrations.litellm import litellm_cache

store = semantrix.open("memory://?max_size=1000")
litellm.cache = litellm_cache(store, ttl=3600)


def ask(mock_response: str) -> str:
    """`mock_response` stands for the model; an application leaves it out."""
    message = {"role": "user", "content": "Why?"}
    answer = litellm.completion(
        model="gpt-4o", messages=[message], caching=True, mock_response=mock_response
    )
    return str(answer.choices[0].message.content)


print(ask("the first answer"))
print(ask("the second answer"))

# > the first answer
# > the first answer
