"""LangGraph: a node runs once for the same input."""

from typing import TypedDict

import semantrix
from langgraph.graph import END, START, StateGraph
from langgraph.types import CachePolicy
from semantrix.integrations.langgraph import SemantrixCache


class State(TypedDict):
    question: str
    answer: str


def answer(state: State) -> dict[str, str]:
    print("the node runs")
    return {"answer": f"{state['question']} Because."}


builder = StateGraph(State)
builder.add_node("answer", answer, cache_policy=CachePolicy(ttl=3600))
builder.add_edge(START, "answer")
builder.add_edge("answer", END)
store = semantrix.open("memory://?max_size=1000")
graph = builder.compile(cache=SemantrixCache(store))

for _ in range(2):
    print(graph.invoke({"question": "Why?", "answer": ""})["answer"])

# > the node runs
# > Why? Because.
# > Why? Because.
