"""Finding: what is written here, by its words.

`words` makes words of texts, `question` of what somebody typed; `index` keeps the
entries, `candidates` asks them, `ranking` puts what was found in order, `query` is the
door for views. docs/search.md tells how it works.
"""
