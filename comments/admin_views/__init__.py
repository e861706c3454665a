"""Pages of the admin that are about the conversation."""
