"""JSON for programs, on the operators' port: opportunities and notifications."""
