"""Runbooks that are written in files: steps of commands that run through the gate, with no model."""
