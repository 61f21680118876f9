"""The stores' table of the README and the options of each store's page are what the build says."""

import json
import pathlib
import re
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = {"memory": "docs/stores/in_memory.md", "dynamodb": "docs/stores/dynamodb.md",
         "memorystore": "docs/stores/google_memorystore.md"} | dict.fromkeys(
    ["redis", "rediss", "elasticache"], "docs/stores/elasticache.md") | dict.fromkeys(
        ["memcached", "memcacheds"], "docs/stores/elasticache_memcached.md")


def stores():
    lines = subprocess.run([BINARY, "--json", "stores"], capture_output=True, text=True, check=True)
    return [json.loads(line) for line in lines.stdout.splitlines()]


def yes(*flags):
    return "yes" if all(flags) else "no"


def row(store):
    keys = yes(store["can_list_keys"], store["can_size"], store["can_clear"])
    return (f"| {store['store']} | `{store['scheme']}://` | {yes(store['can_ttl'])} | {keys} | "
            f"{yes(store['can_tag'])} | {yes(store['can_evict'])} | "
            f"{yes(store['keeps_across_processes'])} |")


class StoresTable(unittest.TestCase):
    def test_readme_lists_every_store_as_it_is(self):
        text = (ROOT / "README.md").read_text()
        table = re.search(r"<!-- stores.*?-->\n(.*?)\n<!-- end -->", text, re.S).group(1)
        self.assertEqual(table.splitlines()[2:], [row(store) for store in stores()])

    def test_each_page_names_every_option(self):
        for store in stores():
            page = (ROOT / PAGES[store["scheme"]]).read_text()
            first_cells = "\n".join(re.findall(r"^\| (`[^|]*) \|", page, re.M))
            named = re.findall(r"`(\w+)`", first_cells)
            for option in store["options"]:
                self.assertIn(option["name"], named)


if __name__ == "__main__":
    BINARY = sys.argv.pop(1) + "/semantrix"
    unittest.main()
