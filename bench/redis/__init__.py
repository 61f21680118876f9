"""What ../redis.py is made of.

  clients   who takes part, how each is built, and why it is missing if it is
  contest   the rows, and the passes that fill them, in turns
  report    the tables, and the bars
  cpp       the harness of the C++ clients, ours among them
  python    the harness of the Python clients
"""
