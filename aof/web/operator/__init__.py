"""The page for operators: read without JavaScript, acted on by forms, live where a browser can."""
