"""One measured thing each. A part has the name of its module and a `measure` that returns its rows of the table."""
