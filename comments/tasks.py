"""What is done about the conversation after the request: each task looks at rows."""
