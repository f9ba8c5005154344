"""What is served over HTTP: webhooks from platforms, and health for those who watch."""
