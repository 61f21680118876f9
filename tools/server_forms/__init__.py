"""The real servers that tests and benchmarks talk to: `tools/servers` starts and stops them.

  catalog        every form by its name
  supervisor     the life of one run: start, command, control, stop
  server         one server process: ports, start, kill, restart
  redis          plain, password, ACL and TLS servers
  redis_cluster  six nodes, three of them replicas
  memcached      plain and TLS servers
  certificates   a CA of the run's own, and certificates that a client must refuse
  faults         what is told to the person who ran the program
"""
