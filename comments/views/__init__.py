"""Where visitors meet the conversation: one module for each thing they do there."""
