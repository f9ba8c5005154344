"""Every sentence of the page for operators, in both languages."""
