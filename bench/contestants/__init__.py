"""What is measured against what: each runs as a program of its own."""
