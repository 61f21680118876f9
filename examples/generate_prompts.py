#!/usr/bin/env python3
"""Writes a log of chat requests, one JSON object a line, as `semantrix replay` reads it.

    python3 examples/generate_prompts.py --seed 42 --requests 6000 --out examples/prompts.jsonl

The traffic is that of a product that answers questions about freight software: popular questions
asked again and again, a long tail asked once, conversations that grow, tool calls, bursts of
retries, and an evaluation suite that runs twice. One seed gives the same bytes on every version
of Python: the random numbers are made here, and decisions use integers only.
"""

import argparse
import bisect
import hashlib
import heapq
import itertools
import json
import os
import re
import sys
from collections import deque, namedtuple

LANGUAGES = ("English", "German", "French", "Spanish", "Polish", "Japanese")

# Billionths of a dollar per input and output token, milliseconds to the first token, microseconds
# for each further one, share of the traffic. Illustrative figures, not a price list.
Model = namedtuple("Model", "name input_price output_price first_ms token_us share")
MODELS = (
    Model("gpt-4o-mini", 150, 600, 320, 9000, 36),
    Model("gpt-4o", 2500, 10000, 450, 14000, 14),
    Model("claude-haiku", 800, 4000, 360, 8000, 20),
    Model("claude-sonnet", 3000, 15000, 620, 16000, 12),
    Model("llama-3-70b", 590, 790, 240, 21000, 12),
    Model("mistral-small", 100, 300, 210, 12000, 6),
)
HOURLY_LOAD = (8, 6, 5, 5, 6, 9, 18, 40, 78, 100, 104, 96,
               72, 90, 102, 98, 88, 70, 46, 34, 28, 22, 16, 11)
FIRST_MOMENT_MS = 1740960000000  # Monday 2025-03-03, midnight UTC
MEAN_PAUSE_MS = 33000  # of a visitor, at half the highest load
SINGLE_PER_CENT = 43  # of the visitors' requests


class Random:
    """splitmix64 (Steele, Lea, Flood 2014)."""

    MASK = (1 << 64) - 1

    def __init__(self, seed):
        self.state = seed & self.MASK

    def below(self, bound):
        self.state = (self.state + 0x9E3779B97F4A7C15) & self.MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & self.MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & self.MASK
        return ((z ^ (z >> 31)) * bound) >> 64

    def between(self, low, high):
        return low + self.below(high - low + 1)

    def chance(self, per_cent):
        return self.below(100) < per_cent

    def pick(self, items):
        return items[self.below(len(items))]

    def some(self, items, count):
        """`count` of the items, none twice, in the order drawn."""
        rest = list(items)
        return [rest.pop(self.below(len(rest))) for _ in range(min(count, len(rest)))]

    def weighted(self, items, weights):
        point = self.below(sum(weights))
        for item, weight in zip(items, weights):
            point -= weight
            if point < 0:
                return item
        raise ValueError("weights must be positive")


def read_symbols(path):
    """Each symbol's alternatives, as the head of the file describes it."""
    with open(path, encoding="utf-8") as file:
        lines = "".join(line for line in file if not line.startswith("#"))
    named = (line.split(": ", 1) for line in re.sub(r"\n +", " ", lines).split("\n") if line)
    return {name: [part.strip() for part in rest.split(" | ")] for name, rest in named}


HERE = os.path.dirname(os.path.abspath(__file__))
SYMBOLS = read_symbols(os.path.join(HERE, "prompt_grammar.txt"))
SENTENCES = len(SYMBOLS["English sentences"])
REPLIES = len(SYMBOLS["English replies"])
SLOT = re.compile(r"\{([a-z]+\d?)\}")
FIGURES = {
    "n1": lambda r: str(r.between(2, 9)),
    "n2": lambda r: str(r.between(10, 99)),
    "n3": lambda r: str(r.between(100, 999)),
    "n4": lambda r: str(r.between(10, 990) * 1000),
    "pct": lambda r: "%d per cent" % r.between(2, 48),
    "money": lambda r: "%d EUR" % (r.between(3, 900) * 5),
    "year": lambda r: str(r.between(1988, 2024)),
    "date": lambda r: "2025-%02d-%02d" % (r.between(1, 12), r.between(1, 28)),
    "time": lambda r: "%02d:%02d" % (r.between(5, 22), r.below(4) * 15),
    "ref": lambda r: "HL-%05d" % r.below(100000),
    "fn": lambda r: r.pick(SYMBOLS["stem"]) + "_" + r.pick(SYMBOLS["thing"]),
    "nl": lambda r: "\n",
    "tab": lambda r: "\t",
}


def fill(text, random, facts):
    """Replaces the slots of `text`, those of what it inserts as well."""

    def value(match):
        name = match.group(1)
        if name in facts:
            return facts[name]
        if name in FIGURES:
            return FIGURES[name](random)
        return fill(random.pick(SYMBOLS[name]), random, facts)

    return SLOT.sub(value, text)


def prose(symbol, random, facts, count=1, glue=" "):
    """`count` different sentences of a symbol, each with a capital and with its articles right."""
    filled = [fill(text, random, facts) for text in random.some(SYMBOLS[symbol], count)]
    joined = glue.join(text[:1].upper() + text[1:] for text in filled)
    return re.sub(r"\b([Aa]) (?=[aeio])", r"\1n ", joined)


def new_facts(random):
    facts = {"amount": fill("{money}", random, {}), "count": fill("{n2}", random, {})}
    symbols = ("topic feature", "firm company", "site place", "order ref", "day date", "fn fn",
               "goods goods", "thing thing")
    for name, symbol in (pair.split() for pair in symbols):
        facts[name] = fill("{%s}" % symbol, random, {})
    return facts


# A request before it is sent: the part of its line that makes it what it is, the way in which it
# is answered, and the facts of its exchange.
Draft = namedtuple("Draft", "body kind facts")


def said(role, content):
    return {"role": role, "content": content}


def ask(symbol):
    return lambda random, facts: {"prompt": prose(symbol, random, facts)}


def ask_general(random, facts):
    facts["topic"] = random.pick(SYMBOLS["concept"])
    return {"prompt": prose("general", random, facts)}


def ask_summary(random, facts):
    facts["note"] = prose("report", random, facts, random.between(3, 8), "\n").split("\n")
    return {"prompt": prose("subject", random, facts) + "\n\n" + " ".join(facts["note"])}


def ask_translation(random, facts):
    facts["from"], facts["to"] = random.some(LANGUAGES, 2)
    facts["lines"] = random.some(range(SENTENCES), random.between(1, 4))
    text = in_language("sentences", facts["lines"], facts["from"], facts)
    return {"prompt": "Translate into %s:\n%s" % (facts["to"], text)}


def ask_abroad(random, facts):
    facts["to"] = random.pick(LANGUAGES[1:])
    lines = random.some(range(SENTENCES), random.between(1, 3))
    return {"prompt": in_language("sentences", lines, facts["to"], facts)}


def ask_fields(random, facts):
    shape = {"order": "string", "site": "string", "date": "YYYY-MM-DD", "amount_eur": "number"}
    task = "Extract the fields as JSON like %s. Use null for what is missing.\n\nMail:\n%s"
    return {"prompt": task % (json.dumps(shape), prose("mail", random, facts))}


def ask_label(random, facts):
    task = "Classify the message as one of billing, delivery, damage, access or other. "
    text, facts["label"] = prose("support", random, facts), random.pick(("access", "other"))
    if random.chance(60):
        mail, facts["label"] = random.pick(list(zip(SYMBOLS["mail"], SYMBOLS["mail label"])))
        text = fill(mail, random, facts)
    return {"prompt": task + "Answer with the label only.\n\n" + text}


def ask_documents(random, facts):
    parts = ["Answer from the passages alone, cite them by number, or say that they do not tell."]
    facts["note"] = []
    for number in range(1, random.between(3, 7)):
        title = prose("feature", random, facts) + ", " + random.pick(SYMBOLS["place"])
        kind = random.pick(("policy", "report"))
        told = prose(kind, random, facts, random.between(4, 11), "\n").split("\n")
        parts.append("[%d] %s\n%s" % (number, title, " ".join(told)))
        facts["note"] += ["%s [%d]" % (sentence, number) for sentence in told]
    parts.append("Question: " + prose("lookup", random, facts))
    return {"prompt": "\n\n".join(parts)}


def ask_with_tools(random, facts):
    call = "call_%012x" % random.below(1 << 48)
    wanted = json.dumps({"order": facts["order"], "site": facts["site"]})
    found = {"order": facts["order"], "goods": facts["goods"], "cartons": int(facts["count"]),
             "total": facts["amount"], "ready": facts["day"], "hold": random.chance(30),
             "events": [{"at": fill("{date}T{time}:00Z", random, {}),
                         "text": prose("effect", random, facts)} for _ in range(random.below(4))]}
    name = random.pick(("get_order", "find_shipment", "quote_rate", "list_slots"))
    turn = {"role": "assistant", "content": None, "tool_calls": [
        {"id": call, "type": "function", "function": {"name": name, "arguments": wanted}}]}
    result = {"role": "tool", "tool_call_id": call, "content": json.dumps(found)}
    return {"messages": [said("system", SYMBOLS["persona"][1]),
                         said("user", prose("mail", random, facts)), turn, result]}


def ask_in_chat(random, facts):
    styles = ("support", "tools", "code", "general", "fields")  # one a persona
    facts["style"] = random.weighted(styles, (60, 0, 15, 15, 10))
    persona = SYMBOLS["persona"][styles.index(facts["style"])]
    asked = KINDS[facts["style"]].ask(random, facts)["prompt"]
    return {"messages": [said("system", persona), said("user", asked)]}


def next_turn(draft, random):
    """The same conversation with the next question, as a client sends it: the whole of it."""
    answer = prose("said", random, draft.facts, random.between(1, 3))
    question = prose("follow", random, draft.facts)
    turns = draft.body["messages"] + [said("assistant", answer), said("user", question)]
    return Draft({"messages": turns}, "chat", draft.facts)


def in_language(bank, lines, language, facts):
    glue = "" if language == "Japanese" else " "
    texts = [SYMBOLS[language + " " + bank][line] for line in lines]
    return glue.join(fill(text, None, facts) for text in texts)


def advice(random, facts, length):
    head = prose("opening", random, facts) + " " + prose("reason", random, facts, length)
    steps = prose("step", random, facts, length + 1, "\n").split("\n")
    listed = "\n".join("%d. %s" % pair for pair in enumerate(steps, 1))
    middle = "\n\n" + listed + "\n\n" if length > 1 else " "
    return head + middle + prose("closing", random, facts)


def patch(random, facts, length):
    why = prose("codewhy", random, facts, length)
    block = "\n\n```\n" + fill("{fixed}", random, facts) + "\n```\n\n"
    return why + block + prose("codenote", random, facts, length)


def cited(random, facts, length):
    return " ".join(random.some(facts["note"], length))


def fields(random, facts, _length):
    price = int(facts["amount"].split()[0])
    return json.dumps({"order": facts["order"], "site": facts["site"], "date": facts["day"],
                       "amount_eur": None if random.chance(12) else price})


def bullets(random, facts, length):
    clauses = [re.split("; |, and ", sentence)[0].rstrip(".") for sentence in facts["note"]]
    return "\n".join("- " + clause for clause in random.some(clauses, length + 1))


# Per kind of request: the share among popular and among single requests, question, answer.
Kind = namedtuple("Kind", "popular_share single_share ask answer")
KINDS = {
    "support": Kind(42, 0, ask("support"), advice),
    "oneoff": Kind(0, 24, ask("oneoff"), lambda r, f, n: prose("view", r, f, n + 1)),
    "general": Kind(14, 12, ask_general, lambda r, f, n: prose("view", r, f, n + 2)),
    "code": Kind(10, 16, ask("codeask"), patch),
    "summary": Kind(4, 9, ask_summary, bullets),
    "translation": Kind(6, 7, ask_translation, lambda r, f, n: in_language(
        "sentences", f["lines"], f["to"], f)),
    "abroad": Kind(8, 6, ask_abroad, lambda r, f, n: in_language(
        "replies", r.some(range(REPLIES), n + 1), f["to"], f)),
    "fields": Kind(2, 7, ask_fields, fields),
    "label": Kind(6, 5, ask_label, lambda r, f, n: f["label"]),
    "documents": Kind(2, 5, ask_documents, cited),
    "tools": Kind(1, 5, ask_with_tools, lambda r, f, n: prose("found", r, f, n + 1)),
    "chat": Kind(8, 8, ask_in_chat, lambda r, f, n: KINDS[f["style"]].answer(r, f, n)),
}


def identity(model, body):
    """What makes two requests the same, whatever the order of the keys in their lines."""
    text = json.dumps([model.name, body], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).digest()


def reversed_keys(value):
    if isinstance(value, list):
        return [reversed_keys(item) for item in value]
    if isinstance(value, dict):
        return {key: reversed_keys(value[key]) for key in reversed(list(value))}
    return value


def new_draft(random, kind):
    facts = new_facts(random)
    return Draft(KINDS[kind].ask(random, facts), kind, facts)


class Traffic:
    """Yields (model, draft, how it came) for each request of the log."""

    def __init__(self, random, requests):
        self.random = random
        self.requests = requests
        self.later = []  # further turns of conversations: (when due, when asked, model, draft)
        self.seen = set()
        popular = [self.fresh("popular_share") for _ in range(max(1, requests // 20))]
        # Roughly, the shorter a question, the more people ask it.
        length = [len(draft.body.get("prompt", "")) + random.below(500) for _, draft in popular]
        self.popular = [popular[i] for i in sorted(range(len(popular)), key=length.__getitem__)]
        for rank in range(5, len(self.popular), 11):  # the same question, asked of two models
            model, draft = self.popular[rank - 4]
            self.popular[rank] = (random.pick([m for m in MODELS if m is not model]), draft)
        # Some questions are popular for a stretch of the log only, the first one always.
        self.born = [random.below(requests) if rank and random.chance(35) else -1
                     for rank in range(len(self.popular))]
        self.weights = list(itertools.accumulate(
            10**9 // (rank + 4) for rank in range(len(self.popular))))
        suite = random.some(self.popular, requests * 9 // 200)
        suite += [self.fresh("single_share") for _ in range(requests // 15 - len(suite))]
        self.suite = random.some(suite, len(suite))

    def any_model(self):
        return self.random.weighted(MODELS, [model.share for model in MODELS])

    def fresh(self, share):
        """A request that nobody has made before."""
        weights = [getattr(kind, share) for kind in KINDS.values()]
        while True:
            model = self.any_model()
            draft = new_draft(self.random, self.random.weighted(list(KINDS), weights))
            key = identity(model, draft.body)
            if key not in self.seen:
                self.seen.add(key)
                return model, draft

    def asked_again(self, moment):
        while True:
            rank = bisect.bisect_right(self.weights, self.random.below(self.weights[-1]))
            born = self.born[rank]
            if born < 0 or born <= moment < born + self.requests // 3:
                return self.popular[rank]

    def visitor(self, moment):
        if self.later and self.later[0][0] <= moment:
            model, draft = heapq.heappop(self.later)[2:]
        elif self.random.chance(SINGLE_PER_CENT):
            model, draft = self.fresh("single_share")
        else:
            return self.asked_again(moment)
        if draft.kind == "chat" and self.random.chance(45):
            follow = next_turn(draft, self.random)
            due = moment + self.random.between(2, 20)
            heapq.heappush(self.later, (due, moment, model, follow))
        return model, draft

    def __iter__(self):
        # The suite runs at one and at three fifths of the log, most requests of a run in a row.
        runs = {self.requests // 5: 0, self.requests * 3 // 5: 0}
        queue, retries = deque(), []
        for moment in range(self.requests):
            if moment in runs:
                queue.extend(self.suite)
            if retries:
                yield (*retries.pop(), "retry")
            elif queue and self.random.chance(85):
                yield (*queue.popleft(), "suite")
            else:
                model, draft = self.visitor(moment)
                if self.random.chance(3):
                    retries = [(model, draft)] * self.random.between(1, 3)
                yield model, draft, "visitor"


def answer(model, draft, key):
    """The one answer of this model to this request."""
    random = Random(int.from_bytes(key[:8], "big"))
    wordiness = 3 if model.output_price > 5000 else 1
    return KINDS[draft.kind].answer(random, draft.facts, random.between(1, 2) * wordiness)


def pause(random, moment_ms, came):
    if came == "retry":
        return random.between(400, 4000)
    if came == "suite":
        return random.between(150, 900)
    load = HOURLY_LOAD[moment_ms // 3600000 % 24]
    mean = MEAN_PAUSE_MS * 50 // load
    return 1 + random.below(mean) + random.below(mean)


def lines(seed, requests):
    random = Random(seed)
    moment_ms = FIRST_MOMENT_MS
    for model, draft, came in Traffic(Random(seed ^ 0x5EED), requests):
        moment_ms += pause(random, moment_ms, came)
        response = answer(model, draft, identity(model, draft.body))
        sent = len(json.dumps(draft.body, ensure_ascii=False)) // 4 + 1
        written = len(response) // 4 + 1
        working_ms = model.first_ms + sent // 8 + written * model.token_us // 1000
        cost = sent * model.input_price + written * model.output_price
        # Clients differ in the order of their keys; a cache must not care.
        body = reversed_keys(draft.body) if random.chance(20) else draft.body
        line = {"timestamp": moment_ms / 1000, "model": model.name, **body, "response": response,
                "latency_ms": working_ms * random.between(80, 150) // 100,
                "cost_usd": round(cost / 1e9, 7)}
        yield json.dumps(line, ensure_ascii=False) + "\n"


class Arguments(argparse.ArgumentParser):
    def error(self, message):
        self.exit(2, "%s: %s; see --help\n" % (self.prog, message))


def whole_number(low, high):
    def parse(text):
        if not re.fullmatch("[0-9]{1,20}", text) or not low <= int(text) <= high:
            raise argparse.ArgumentTypeError(
                "expected a whole number from %d to %d, got %r" % (low, high, text))
        return int(text)
    return parse


def main():
    parser = Arguments(description="Writes a log of chat requests for `semantrix replay`.")
    parser.add_argument("--seed", type=whole_number(0, Random.MASK), default=42, metavar="N")
    parser.add_argument("--requests", type=whole_number(1, 10**7), default=6000, metavar="N")
    parser.add_argument("--out", default="-", metavar="FILE", help="- is standard output")
    options = parser.parse_args()
    target = sys.stdout.fileno() if options.out == "-" else options.out
    try:
        with open(target, "w", encoding="utf-8", newline="\n") as out:
            out.writelines(lines(options.seed, options.requests))
    except BrokenPipeError:
        return  # the reader has seen enough
    except OSError as error:
        parser.error("cannot write %s: %s" % (options.out, error.strerror))


if __name__ == "__main__":
    main()
