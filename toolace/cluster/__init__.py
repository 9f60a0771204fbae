"""A stage's attempts on a Ray cluster: `--executor ray`. Only here is Ray imported.

The driver keeps what must be in order: it draws jobs, settles results and writes the parts, as it does on one machine, so
the bytes are the same. On each node a process (`node.Node`) makes attempts, and scores them where there is a learner; lots
of a lost one are given to another. For all nodes there is one gate per (endpoint, model) (`gate.Gates`), and one ledger of
what they pay (`ledger.Ledger`), both on the driver's machine. Nothing is shared but the connection: the nodes need neither
the workspace nor the keys of its storage.
"""
