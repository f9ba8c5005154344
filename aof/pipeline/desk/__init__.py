"""What operators do, by one set of rules, whether they sit at a terminal or at the page."""
