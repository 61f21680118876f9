"""LangChain: a model answers the same prompt once, whoever asks."""

import semantrix
from langchain_core.globals import set_llm_cache
from langchain_core.language_models import FakeListChatModel
from semantrix.integrations.langchain import SemantrixCache

store = semantrix.open("memory://?max_size=1000")
set_llm_cache(SemantrixCache(store, ttl=86_400))

model = FakeListChatModel(responses=["the first answer", "the second answer"])
print(model.invoke("Why is the sky blue?").content)
print(model.invoke("Why is the sky blue?").content)
print(model.invoke("Why is grass green?").content)

# > the first answer
# > the first answer
# > the second answer
