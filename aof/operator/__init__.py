"""The operator flow: what comes up, who decides about it on a phone, and what leaves for a contact because of that."""
