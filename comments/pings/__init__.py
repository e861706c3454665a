"""Talking to other blogs: pingback, trackback and webmention, both ways.

In: a view reads the protocol, `receive` checks what costs nothing and stores a row,
`verify` fetches the page and stores the response. Out: `follow` makes rows of a post's
links, `send` finds out how each wants to be told (`discover`) and tells it.
"""
