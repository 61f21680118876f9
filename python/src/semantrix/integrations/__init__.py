"""Adapters to other libraries, each imported by its own name: `semantrix.integrations.langchain`.

They need those libraries (`pip install semantrix[langchain]`) and nothing else.
"""
