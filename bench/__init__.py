"""What is measured, against what, with one command: `make bench`. None of it is a test, or in the wheel."""
