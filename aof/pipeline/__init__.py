"""How a message travels from inbox to outbox: a file for each thing that is done to it."""
